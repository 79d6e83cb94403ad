// Opening a listening socket: one way for the intake and for the pages.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "core/result.h"
#include "gateway/config.h"

namespace nightbox {

// A socket that listens on exactly this address: an IPv6 one takes no IPv4 peers, who would
// otherwise be spelt in two ways. kUnavailable, naming the address, when it cannot be had.
Result<boost::asio::ip::tcp::acceptor> ListenOn(boost::asio::io_context& loop,
                                                const ListenAddress& address);

// What an acceptor is bound to, with the port the system chose.
ListenAddress BoundAddress(const boost::asio::ip::tcp::acceptor& acceptor);

}  // namespace nightbox
