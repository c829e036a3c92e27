/// What a node of a host object is.
package enum HostKind: Sendable { case map, list }
