import { createContext, useContext } from 'react';
import type { Session, Tenant } from '../api/types.ts';

interface Frame {
  readonly person: NonNullable<Session['person']>;
  /** Undefined above tenants, and while they are being asked for. */
  readonly tenant: Tenant | undefined;
}

export const FrameContext = createContext<Frame | null>(null);

export const usePerson = () => {
  const frame = useContext(FrameContext);
  if (frame === null) throw new Error('This page stands outside the frame of signed-in people.');
  return frame.person;
};

/** The tenant whose pages these are; undefined while it is asked for. */
export const useTenant = (): Tenant | undefined => useContext(FrameContext)?.tenant;

const strength = { reader: 0, analyst: 1, administrator: 2 } as const;

/** Whether the person's role in this tenant is at least this strong. The server decides; pages only leave out what it would refuse. */
export const useMay = (role: keyof typeof strength): boolean => {
  const tenant = useTenant();
  return tenant !== undefined && strength[tenant.role] >= strength[role];
};
