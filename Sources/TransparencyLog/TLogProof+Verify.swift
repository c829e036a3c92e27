extension TLogProof {
    /// Why a receipt does not prove its entry.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The checkpoint is refused.
        case checkpoint(NoteError)
        /// The hashes do not lead from the entry to the checkpoint's root.
        case inclusion(ProofError)

        /// One line.
        package var description: String {
            switch self {
            case .checkpoint(let error): "checkpoint: \(error)"
            case .inclusion(let error): "inclusion: \(error)"
            }
        }
    }

    /// Checks the checkpoint by the log's key, then that the entry with this leaf hash is under its root.
    ///
    /// `origin` is needed only for a log whose key has another name.
    @discardableResult
    package func verify(
        leaf: Hash256, key: VerifierKey, origin: String? = nil
    ) throws(Failure) -> Checkpoint {
        let opened: Checkpoint
        do throws(NoteError) { opened = try Checkpoint.open(checkpoint, key: key, origin: origin) } catch {
            throw .checkpoint(error)
        }
        do throws(ProofError) { try inclusion.verify(leaf: leaf, size: opened.size, root: opened.root) } catch {
            throw .inclusion(error)
        }
        return opened
    }
}
