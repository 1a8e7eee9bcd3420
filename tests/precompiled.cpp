// Nothing but the headers that are compiled with it: see CMakeLists.txt.
