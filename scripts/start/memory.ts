/**
 * Options of Node for the web process. Left alone, V8 lets garbage grow to 450 MB under load before it looks; told to
 * collect sooner it stays at half of that. They are also in the script `web`, the Dockerfile and docker-compose.yml.
 */
export const WEB_MEMORY = ['--max-semi-space-size=16', '--heap-growing-percent=30'];
