import { ErrorState, LoadingState, Problem, useApi } from '@gatehouse/ui';
import { Outlet } from '@tanstack/react-router';
import { useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';

/** Pages of a tenant wait until it is known that there is one for this person. */
export function TenantFrame() {
  const tenantId = useTenantId();
  const tenants = useApi(paths.tenants);
  if (tenants.data === undefined)
    return tenants.error === null ? (
      <LoadingState />
    ) : (
      <ErrorState error={tenants.error} onRetry={() => void tenants.refetch()} />
    );
  if (!tenants.data.some((tenant) => tenant.tenantId === tenantId))
    return <ErrorState error={new Problem(404, 'Not found')} />;
  return <Outlet key={tenantId} />;
}
