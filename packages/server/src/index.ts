export { type Access, type Principal, type TenantGrant, type TenantRole, tenantRoles } from './access.ts';
