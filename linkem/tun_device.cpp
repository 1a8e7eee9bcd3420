#include "linkem/tun_device.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <string_view>

#include "common/base/check.hpp"
#include "linkem/advice.hpp"
#include "linkem/namespaces.hpp"

namespace dlab::linkem {
namespace {

using base::check;
using base::FileDescriptor;

constexpr const char* kTunPath = "/dev/net/tun";
constexpr std::uint32_t kQueueLength = 65536;

FileDescriptor open_tun() {
  FileDescriptor tun(open(kTunPath, O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (tun.is_open()) {
    return tun;
  }
  const int error_number = errno;
  throw Unavailable(no_tun(this_machine(), error_number));
}

// Settings of a network device, by ioctl (netdevice(7)).
class Settings {
 public:
  Settings() : socket_(check(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket", kTunName)) {
    std::strncpy(request_.ifr_name, kTunName, sizeof request_.ifr_name - 1);
  }
  void address(unsigned long code, const std::string& text) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, text.c_str(), &address.sin_addr);
    std::memcpy(&request_.ifr_addr, &address, sizeof address);
    apply(code, text);
  }
  void up() {
    request_.ifr_flags = IFF_UP | IFF_RUNNING;
    apply(SIOCSIFFLAGS, "up");
  }

 private:
  void apply(unsigned long code, const std::string& what) {
    check(ioctl(socket_.get(), code, &request_), "set " + what + " of", kTunName);
  }
  FileDescriptor socket_;
  ifreq request_{};
};

// IPv6 would send its discoveries over the link, and count there. Where this is refused, what comes
// all the same is passed over.
void silence_ipv6() {
  const FileDescriptor file(open("/proc/sys/net/ipv6/conf/all/disable_ipv6", O_WRONLY | O_CLOEXEC));
  if (file.is_open()) {
    [[maybe_unused]] const auto written = ::write(file.get(), "1", 1);
  }
}

bool is_ipv4(const Packet& packet) {
  return packet.length > 0 && packet.bytes[0] >> 4 == std::byte{4};
}

FileDescriptor make_device() {
  FileDescriptor tun = open_tun();
  ifreq request{};
  std::strncpy(request.ifr_name, kTunName, sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(tun.get(), TUNSETIFF, &request) < 0) {
    throw Unavailable(std::string("make a TUN device: ") + std::strerror(errno));
  }
  return tun;
}

// A setting of the device that ioctl has not, or refuses to the root of a user namespace, by
// netlink (rtnetlink(7)).
void set_attribute(unsigned short attribute, std::uint32_t value, const std::string& what) {
  struct {
    nlmsghdr header{};
    ifinfomsg device{};
    rtattr attribute{};
    std::uint32_t value = 0;
  } request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_NEWLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  request.device.ifi_index = static_cast<int>(if_nametoindex(kTunName));
  request.attribute = {RTA_LENGTH(sizeof value), attribute};
  request.value = value;
  const FileDescriptor netlink(
      check(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket", "netlink"));
  check(send(netlink.get(), &request, sizeof request, 0), "send", "netlink");
  struct {
    nlmsghdr header{};
    nlmsgerr error{};
    std::array<char, 256> rest{};
  } answer;
  check(base::retry_interrupted([&] { return recv(netlink.get(), &answer, sizeof answer, 0); }),
        "receive", "netlink");
  if (answer.error.error != 0) {
    base::throw_system_error(-answer.error.error, "set " + what + " of", kTunName);
  }
}

// The columns "drop" of a device's line in /proc/net/dev, received and sent.
std::uint64_t drops_in(std::string_view text) {
  const auto line = text.find(std::string(kTunName) + ":");
  if (line == text.npos) {
    return 0;
  }
  std::istringstream numbers{std::string(text.substr(text.find(':', line) + 1))};
  std::array<std::uint64_t, 16> fields{};
  for (auto& field : fields) {
    numbers >> field;
  }
  return fields[3] + fields[11];
}

}  // namespace

TunDevice::TunDevice(const std::string& address, std::uint32_t gso_max_segs) {
  silence_ipv6();
  tun_ = make_device();
  Settings settings;
  settings.address(SIOCSIFADDR, address);
  settings.address(SIOCSIFNETMASK, "255.255.255.0");
  set_attribute(IFLA_TXQLEN, kQueueLength, "the queue's length");
  if (gso_max_segs > 0) {
    set_attribute(IFLA_GSO_MAX_SEGS, gso_max_segs, "gso_max_segs");
  }
  settings.up();
  const char* path = "/proc/thread-self/net/dev";
  statistics_ = FileDescriptor(check(open(path, O_RDONLY | O_CLOEXEC), "open", path));
}

bool TunDevice::read(Packet& packet) {
  do {
    const auto length = base::retry_interrupted(
        [&] { return ::read(tun_.get(), packet.bytes.data(), packet.bytes.size()); });
    if (length < 0 && errno == EAGAIN) {
      return false;
    }
    packet.length = static_cast<std::uint32_t>(check(length, "read", kTunName));
  } while (!is_ipv4(packet));
  return true;
}

void TunDevice::write(const Packet& packet) {
  const auto written = base::retry_interrupted(
      [&] { return ::write(tun_.get(), packet.bytes.data(), packet.length); });
  if (written < 0) {
    ++refused_;  // no memory, or the host's device is gone
  }
}

std::uint64_t TunDevice::drops() const {
  std::array<char, 4096> text{};
  const auto length = pread(statistics_.get(), text.data(), text.size(), 0);
  return refused_ + (length > 0 ? drops_in({text.data(), static_cast<std::size_t>(length)}) : 0);
}

}  // namespace dlab::linkem
