import { createContext, useContext } from 'react';
import type { Tenant } from '../api/types.ts';

/** Undefined above tenants, and while they are being asked for. */
export const TenantContext = createContext<Tenant | undefined>(undefined);

/** The tenant whose pages these are; undefined while it is asked for. */
export const useTenant = (): Tenant | undefined => useContext(TenantContext);

const strength = { reader: 0, analyst: 1, administrator: 2 } as const;

/** Whether the person's role in this tenant is at least this strong. The server decides; pages only leave out what it would refuse. */
export const useMay = (role: keyof typeof strength): boolean => {
  const tenant = useTenant();
  return tenant !== undefined && strength[tenant.role] >= strength[role];
};
