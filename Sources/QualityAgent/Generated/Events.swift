// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `quality.scored`, as far as it is read here.
package struct QualityScored: EventView {
    package static let type = "quality.scored"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var score: Int64 { Field.integer(data.document, Field.node(data, "score")) }
    package var mean: Int64 { Field.integer(data.document, Field.node(data, "mean")) }
    package var reports: Int64 { Field.integer(data.document, Field.node(data, "reports")) }
}

/// The data of `service.restored`, as far as it is read here.
package struct ServiceRestored: EventView {
    package static let type = "service.restored"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
}

/// The data of `service.suspended`, as far as it is read here.
package struct ServiceSuspended: EventView {
    package static let type = "service.suspended"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var count: Int64 { Field.integer(data.document, Field.node(data, "count")) }
}
