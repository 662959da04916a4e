import { newId } from '@gatehouse/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problems, toProblem } from './problem.ts';

/** Answers any error as a problem. What is our own fault goes to the log with its detail, and only there. */
export const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error, req: request }, problem.title);
  else if (problem.cause !== undefined) request.log.info({ err: error, req: request }, problem.title);
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="gatehouse"');
  // A frame error can come before any hook ran.
  reply.header('x-request-id', request.id).removeHeader('content-length');
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify(problem.toBody(request.id)));
};

/** One line for each answer. */
export const logAnswer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const { caller } = request;
  request.log.info(
    {
      req: request,
      res: reply,
      route: request.routeOptions.url,
      ms: Math.round(reply.elapsedTime),
      principal: caller?.kind === 'person' ? caller.personId : (caller?.kind ?? null),
    },
    'answered',
  );
};

/** The raw answer to what is not HTTP. */
export const unreadable = (): string => {
  const body = JSON.stringify(problems.unreadable().toBody(newId<string>()));
  return `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
};
