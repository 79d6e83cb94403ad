#include "gateway/listen.h"

#include <boost/asio/ip/v6_only.hpp>

namespace nightbox {

using boost::asio::ip::tcp;
using boost::system::error_code;

Result<tcp::acceptor> ListenOn(boost::asio::io_context& loop, const ListenAddress& address) {
  error_code error;
  const tcp::endpoint endpoint(boost::asio::ip::make_address(address.host, error), address.port);
  tcp::acceptor acceptor(loop);
  if (!error) error = acceptor.open(endpoint.protocol(), error);
  if (!error) error = acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) {
    error = acceptor.set_option(boost::asio::ip::v6_only(true), error);
  }
  if (!error) error = acceptor.bind(endpoint, error);
  if (!error) error = acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) error = acceptor.non_blocking(true, error);
  if (error) {
    return Error{ErrorCode::kUnavailable,
                 "cannot listen on " + address.Text() + ": " + error.message(), "ADDRESS_UNUSABLE"};
  }
  return acceptor;
}

ListenAddress BoundAddress(const tcp::acceptor& acceptor) {
  error_code ignored;
  const tcp::endpoint endpoint = acceptor.local_endpoint(ignored);
  return {endpoint.address().to_string(), endpoint.port()};
}

}  // namespace nightbox
