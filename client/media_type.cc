#include "client/media_type.h"

namespace nightbox::client {

std::optional<std::string> SniffMediaType(std::string_view head) {
  if (head.substr(0, 1024).find("%PDF-") != std::string_view::npos) return "application/pdf";
  return std::nullopt;
}

}  // namespace nightbox::client
