/** A route of the service. */
export interface Resource {
  readonly method: 'GET' | 'POST';
  readonly url: string;
}

/** What the REST face calls the actions that it has. */
export const resources: Readonly<
  Record<string, readonly { readonly method: 'GET' | 'POST'; readonly path: string }[]>
> = {
  DoLogin: [{ method: 'POST', path: 'Login' }],
  DoLogout: [{ method: 'POST', path: 'Logout' }],
  AccountStoreOps_StoredCredential_Store: [{ method: 'POST', path: 'StoredCredential' }],
  ManagementSetOps_GetManagementSetList: [{ method: 'GET', path: 'ManagementSets' }],
  ManagementSetOps_GetManagementSetInfo: [{ method: 'GET', path: 'ManagementSet' }],
  ManagementSetOps_CreateManagementSet: [{ method: 'POST', path: 'ManagementSets' }],
  ManagementSetOps_GetLinuxSystemListForManagementSet: [{ method: 'GET', path: 'ManagementSet/System/Linux' }],
  ManagementSetOps_AddLinuxSystemToManagementSet: [{ method: 'POST', path: 'ManagementSet/System/Linux' }],
  ManagementSetOps_AddWindowsSystemToManagementSet: [{ method: 'POST', path: 'ManagementSet/System/Windows' }],
  JobOps_CreatePasswordChangeJob: [{ method: 'POST', path: 'Job/PasswordChange' }],
};
