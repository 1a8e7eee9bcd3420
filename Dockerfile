# The Download Lab in a container (docs/machines.md tells what it may do there):
#
#   docker build -t dlab .
#   docker run --rm --cap-add SYS_ADMIN --cap-add NET_ADMIN --device /dev/net/tun \
#     -v "$PWD/results:/dlab/results" dlab
#
# Podman takes the same words.
FROM debian:12-slim
WORKDIR /dlab

# Packages first: they change more rarely than the sources.
COPY setup.sh ./
COPY cmake/environment.sh cmake/
RUN ./setup.sh && rm -rf /var/lib/apt/lists/*

# --list builds all programs and measures nothing.
COPY . .
RUN ./run_bench.sh --list

CMD ["./run_bench.sh"]
