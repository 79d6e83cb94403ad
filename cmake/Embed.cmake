# nightbox_embed(target function FILE...): compiles data files into a library, so that a program carries its rules with
# it and needs no path to find them. `std::string_view nightbox::FUNCTION(std::string_view name)` answers a file's bytes
# by its name without folders, and nothing for a name that is not there. The declaration stands in a header of ours.
function(nightbox_embed target function)
  set(entries "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    file(READ "${file}" bytes)
    get_filename_component(name "${file}" NAME)
    string(APPEND entries "    {\"${name}\", R\"nightbox(${bytes})nightbox\"},\n")
  endforeach()
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.cc")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT [[
// Made by cmake/Embed.cmake.
#include <string_view>

namespace nightbox {
namespace {

struct Embedded {
  std::string_view name;
  std::string_view bytes;
};

constexpr Embedded kFiles[] = {
@entries@};

}  // namespace

std::string_view @function@(std::string_view name);

std::string_view @function@(std::string_view name) {
  for (const Embedded& file : kFiles) {
    if (file.name == name) return file.bytes;
  }
  return {};
}

}  // namespace nightbox
]])
  target_sources(${target} PRIVATE "${source}")
endfunction()
