import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from './access.ts';
import { type FindTenantRole, mayCall } from './access-check.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A success may end the access of somebody, so long answers look at once whether theirs goes on. */
    endsAccess?: true;
  }
  interface FastifyInstance {
    /** Looks every `everyMs`, and after every success of a route that `endsAccess`, whether a request is still allowed. */
    watchAccess(request: FastifyRequest, everyMs: number): AccessWatch;
  }
}

/** Kept as long as an answer is under way. */
export interface AccessWatch {
  /** Aborts once the caller may no longer have the answer. */
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Makes `watchAccess`, for answers that take longer than a request. `recall` says who sent the request as of now, and
 * must not count as a use of the sign-in.
 */
export const watchAccess = (
  app: FastifyInstance,
  recall: (request: FastifyRequest) => Promise<Principal | null>,
  findTenantRole: FindTenantRole,
): void => {
  const looks = new Set<() => void>();

  app.decorate('watchAccess', (request, everyMs) => {
    const { access } = request.routeOptions.config;
    const refused = new AbortController();
    if (access === 'public') return { signal: refused.signal, end: () => undefined };
    let isLooking = false;
    let again = false;
    const look = async () => {
      again = isLooking;
      if (isLooking) return;
      isLooking = true;
      try {
        const principal = await recall(request);
        const tenantId = request.tenantGrant?.tenantId ?? null;
        if (!principal || !(await mayCall(access, principal, tenantId, findTenantRole))) refused.abort();
      } catch (error) {
        // A database that is away says nothing about the caller, and has nothing to tell them either.
        request.log.warn({ err: error }, 'whether an answer may go on could not be looked up');
      } finally {
        isLooking = false;
      }
      if (again && !refused.signal.aborted) await look();
    };
    const lookNow = () => void look();
    const timer = setInterval(lookNow, everyMs);
    looks.add(lookNow);
    const end = () => {
      clearInterval(timer);
      looks.delete(lookNow);
    };
    return { signal: refused.signal, end };
  });

  app.addHook('onResponse', async (request, reply) => {
    if (request.routeOptions.config?.endsAccess && reply.statusCode < 400) for (const look of looks) look();
  });
};
