// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `access.denied`, as far as it is read here.
package struct AccessDenied: EventView {
    package static let type = "access.denied"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var feature: String { Field.text(data.document, Field.node(data, "feature")) }
}

/// The data of `admin.override`, as far as it is read here.
package struct AdminOverride: EventView {
    package static let type = "admin.override"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var corrects: String { Field.text(data.document, Field.node(data, "corrects")) }
}

/// The data of `erasure.completed`, as far as it is read here.
package struct ErasureCompleted: EventView {
    package static let type = "erasure.completed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
}

/// The data of `erasure.deferred`, as far as it is read here.
package struct ErasureDeferred: EventView {
    package static let type = "erasure.deferred"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var reason: String { Field.text(data.document, Field.node(data, "reason")) }
}

/// The data of `override.refused`, as far as it is read here.
package struct OverrideRefused: EventView {
    package static let type = "override.refused"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var override: String { Field.text(data.document, Field.node(data, "override")) }
    package var reason: String { Field.text(data.document, Field.node(data, "reason")) }
}
