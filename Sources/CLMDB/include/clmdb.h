#ifndef CLMDB_H
#define CLMDB_H

#include <lmdb.h>

/// From now on a read of a mapped `data.mdb` that the file cannot satisfy (it was cut off, a page leads astray, the disk
/// fails) ends the process with a message on stderr and this exit status instead of by a signal. Called again, it changes
/// the status.
void clmdb_guard(int status);

/// For `mdb_env_set_assert`: what LMDB finds impossible is a damaged file.
void clmdb_assertion(MDB_env *environment, const char *message);

#endif
