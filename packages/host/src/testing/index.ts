// For servers that tests make themselves: only this package has the library.
export { WebSocket, WebSocketServer } from 'ws';
export { makeCertificate } from './certificate.ts';
export { type Arrived, deadOrigin, type FakeServer, type Reply, reply, startServer } from './fake-server.ts';
export { startMailServer, type TakenMail, type TestMailServer } from './mail-server.ts';
// How a server of tests keeps the passwords of NTLM.
export { md4Hex } from './md4-hex.ts';
export { overhear, textsOf } from './overhear.ts';
export { createTestClock, type TestClock } from './test-clock.ts';
