#pragma once

namespace dlab::net {

// How a file's bytes get from the page cache into a socket.
//   copy      pread(2) into a buffer, then send(2): two copies, two system calls a buffer
//   sendfile  the kernel hands its own pages to the socket: no copy, one system call
//   mmap      the pages are mapped, send(2) copies from them: one copy, page faults
enum class IoPath { copy, sendfile, mmap };

}  // namespace dlab::net
