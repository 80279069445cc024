// Whether the process in this container is ready: exit code 0 or 1. `healthcheck.mjs [URL]`.
const url = process.argv[2] ?? `http://127.0.0.1:${process.env.WARDLINE_HEALTH_PORT}/readyz`;
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  // Docker keeps what is said here and shows it with `docker inspect`.
  process.stdout.write(await response.text());
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stdout.write(`${error.cause?.code ?? error.message}`);
  process.exitCode = 1;
}
