#pragma once
#include <lmdb.h>
// LMDB must know the kind of file system that it lies on; Swift's Glibc module lacks this header.
#include <sys/statfs.h>
