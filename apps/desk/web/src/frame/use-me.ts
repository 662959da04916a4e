import { useApi } from '@gatehouse/ui';
import { paths, type Role } from '../api/paths.ts';

interface Mine {
  readonly role: Role;
  /** Their id at this desk; empty for whoever is nobody of it. */
  readonly id: string;
  readonly isCustomer: boolean;
  readonly mayManage: boolean;
}

/** What the person is at this desk; undefined until it is known. The server decides; pages only leave out what it refuses. */
export const useMe = (): Mine | undefined => {
  const { data } = useApi(paths.me);
  if (data === undefined) return undefined;
  const { role, person } = data;
  return { role, id: person?.id ?? '', isCustomer: role === 'customer', mayManage: role === 'manager' };
};
