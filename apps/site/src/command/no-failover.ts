/** Why nobody changes the failover role, in either version of the API. */
export const noFailover = 'This site has no failover role: its copies share one database and do the same work.';
