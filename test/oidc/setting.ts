export { engines } from '#test/harness/scenario.ts'
export { administrator, startServer, type TestServer } from '#test/harness/server.ts'
