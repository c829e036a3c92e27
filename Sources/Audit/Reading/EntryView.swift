import AgentKit
import JSON

extension EventView {
    /// The data of an entry of this type; nil for an entry of another.
    init?(of entry: View) {
        guard entry["type"]?.equals(Self.type) == true, let data = entry["data"] else { return nil }
        self.init(data)
    }
}
