import type { TenantId } from '@gatehouse/kernel';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { type Access, type Act, type Principal, type TenantGrant, type TenantRole, tenantRoles } from './access.ts';
import { problems } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route. There is no default. */
    access: Access;
  }
  interface FastifyRequest {
    /** Who is calling, or null when nobody signed in. */
    caller: Principal | null;
    /** Set on tenant routes by the access check. */
    tenantGrant: TenantGrant | null;
    /** Who is calling. Throws on a public route that nobody signed in to. */
    readonly principal: Principal;
    /** Proof for the tenant of the path. Throws on a route whose access is not a tenant's. */
    readonly grant: TenantGrant;
    /** The principal with the correlation id, for what belongs to no tenant. */
    readonly act: Act;
  }
}

/** Null: this principal has no role in the tenant, or there is no such tenant. */
export type FindTenantRole = (principal: Principal, tenantId: TenantId) => Promise<TenantRole | null>;

/**
 * Makes every route state its access, and keeps it. A route without `config.access` or without a summary and a tag is
 * a mistake of ours that stops the server from starting.
 */
export const checkAccess = (app: FastifyInstance, findTenantRole: FindTenantRole): void => {
  app.addHook('onRoute', refuseUndeclared);

  app.decorateRequest('caller', null);
  app.decorateRequest('tenantGrant', null);
  app.decorateRequest('principal', {
    getter(this: FastifyRequest) {
      if (this.caller === null) throw problems.signInFirst();
      return this.caller;
    },
  });
  app.decorateRequest('grant', {
    getter(this: FastifyRequest) {
      if (this.tenantGrant === null)
        throw new Error(`${this.routeOptions.url} reads a tenant's grant and is no tenant route.`);
      return this.tenantGrant;
    },
  });
  app.decorateRequest('act', {
    getter(this: FastifyRequest) {
      return { principal: this.principal, correlationId: this.id };
    },
  });

  // Before the body is read, so that a stranger cannot make the server read one.
  app.addHook('preParsing', async (request) => {
    const access: Access | undefined = request.routeOptions.config?.access;
    if (access === undefined || access === 'public' || access === 'program') return;
    const { principal } = request;
    if (access === 'signed-in') return;
    if (access === 'system-administrator') {
      if (!principal.systemAdministrator) throw problems.forbidden('Only a system administrator may do this.');
      return;
    }
    request.tenantGrant = await permit(request, principal, access.tenant, findTenantRole);
  });
};

/** Whether a principal may call a route with this access; `tenantId` is that of its path. */
export const mayCall = async (
  access: Access,
  principal: Principal,
  tenantId: TenantId | null,
  findTenantRole: FindTenantRole,
): Promise<boolean> => {
  if (access === 'public' || access === 'program' || access === 'signed-in') return true;
  if (access === 'system-administrator') return principal.systemAdministrator;
  const role = tenantId === null ? null : await findTenantRole(principal, tenantId);
  return role !== null && isEnough(role, access.tenant);
};

const isEnough = (role: TenantRole, needed: TenantRole) => tenantRoles.indexOf(role) >= tenantRoles.indexOf(needed);

const permit = async (
  request: FastifyRequest,
  principal: Principal,
  needed: TenantRole,
  findTenantRole: FindTenantRole,
): Promise<TenantGrant> => {
  const { tenantId } = request.params as { tenantId: string }; // the onRoute check proved that the path has it
  if (!isUuid.test(tenantId)) throw problems.notFound();
  const role = await findTenantRole(principal, tenantId.toLowerCase() as TenantId); // checked above
  if (role === null) throw problems.notFound();
  if (!isEnough(role, needed)) throw problems.forbidden(`This needs the role ${needed}. Yours is ${role}.`);
  return { tenantId: tenantId.toLowerCase() as TenantId, role, principal, correlationId: request.id };
};

const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const refuseUndeclared = (route: RouteOptions): void => {
  const name = `${route.method} ${route.url}`;
  const access = route.config?.access;
  if (access === undefined) throw new Error(`The route ${name} does not state its access.`);
  const inTenant = /(^|\/):tenantId(\/|$)/.test(route.url);
  if (inTenant !== (typeof access === 'object')) {
    throw new Error(`The route ${name} must carry :tenantId exactly when its access is a tenant's.`);
  }
  const { schema } = route;
  if (schema?.hide) return;
  if (!schema?.summary || !schema.tags?.length) throw new Error(`The route ${name} needs a summary and a tag.`);
};
