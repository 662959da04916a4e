export { type Answer, bodyOf, isOk, readAnswer } from './answer.ts';
export { createBackoff } from './backoff.ts';
export { createGreeter, type Greeter } from './greeter.ts';
export { createLink, httpOptions, type Link, type Way } from './link.ts';
export { openNonces } from './nonces.ts';
export { runSender } from './sender.ts';
export { createStanding, type Standing, type StandingBoard } from './standing.ts';
