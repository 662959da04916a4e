export { bodyOf, isOk, readAnswer } from './answer.ts';
export { createGreeter } from './greeter.ts';
export { createLink, httpOptions, type Link, type Way } from './link.ts';
export { openNonces } from './nonces.ts';
export { runSender } from './sender.ts';
export { createStanding, type StandingBoard } from './standing.ts';
