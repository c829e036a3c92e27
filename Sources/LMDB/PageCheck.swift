import CLMDB
import Glibc

/// A check of an environment's pages as one snapshot has them, before anything relies on them.
enum PageCheck {
    /// Files of up to 64 MiB are read whole: that takes a hundredth of a second.
    private static let wholePagesMax: UInt64 = 16_384
    private static let snapshotsMax = 100

    /// - Parameter isWhole: reads every page, however many there are.
    static func run(_ env: OpaquePointer, _ directory: String, isWhole: Bool) throws(LMDBError) {
        for _ in 0..<snapshotsMax {
            var txn: OpaquePointer?
            try check(unsafe mdb_txn_begin(env, nil, UInt32(MDB_RDONLY), &txn), "begin")
            // While it is open no page that the snapshot has is used for another.
            defer { unsafe mdb_txn_abort(txn) }
            guard let file = try PageFile.open(directory + "/data.mdb") else { return }
            let id = unsafe mdb_txn_id(txn)
            guard let meta = file.metas.first(where: { $0.transaction == UInt64(id) }) else { continue }
            let readsAll = isWhole || meta.pages <= wholePagesMax || !file.isFull
            var walk = PageWalk(file, meta, readsAll ? .everything : .branches)
            try walk.run()
            return
        }
        throw LMDBError(EAGAIN, "check pages")
    }
}

/// The last line of defence against a damaged file: what no check found at the opening.
package enum DamageGuard {
    /// From now on a read of a mapped `data.mdb` that the file or the disk cannot satisfy, and a page that LMDB finds
    /// impossible, end the process with a message on stderr and an exit status, instead of by a signal.
    package static func endProcess(status: Int32) { clmdb_guard(status) }
}
