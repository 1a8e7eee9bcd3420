#pragma once

#include <string>
#include <vector>

#include "common/report/progress.hpp"
#include "part4_mirrors/mirrors_view.hpp"

namespace dlab::part4 {

// The picture of a download manager, as lines that fit the window:
//
//   big.bin  43 %  4.3 MiB  2.5 MB/s  3 s left
//   [######00####111..22....]          the file: # here, 0 coming from mirror 0, . missing
//    0 127.0.0.1:9004       2.4 MB/s   1.2 MiB  2 chunks
//    1 127.0.0.1:9005              -       0 B  rests 4 s: connect 127.0.0.1:9005: Connection
//    refused
//
// `names`: of the mirrors. `seconds`: since the start. Pure.
std::vector<std::string> picture(const MirrorsView& view, const std::string& name,
                                 const std::vector<std::string>& names, double seconds,
                                 report::Window window);

// The file as `width` characters. Pure.
std::string file_bar(const MirrorsView& view, std::size_t width);

}  // namespace dlab::part4
