/** Columns of the file, in the order that Privileged Identity has them. */
export const csvColumns = [
  ...['System_Name', 'InstanceName', 'Namespace', 'AccountName', 'Password', 'Comment', 'AssetTag'],
] as const;
