import { defineEdge, pathsFrom, proof } from './edge.ts';

/** An account that opens only through the identity provider, and that the provider itself ties to this person. */
export const signsInAs = defineEdge({
  edge: 'signs_in_as',
  title: 'signs in as',
  sql: `
    select s.provider_connection as from_connection, 'accounts' as from_kind, s.provider_stream as from_stream, s.provider_id as from_id,
      'accounts' as to_kind, s.connection_id as to_connection, s.stream as to_stream, s.id as to_id, s.label as to_label,
      s.level as to_level,
      jsonb_build_array(${proof('Signs in only through the identity provider', "'true'", 'accounts', 's')},
        jsonb_build_object('fact', 'Identifier given by the identity provider', 'value', s.own_value, 'kind', 'accounts',
          'connection', s.connection_id, 'stream', s.stream, 'id', s.id)) as proof
    from signed_in_elsewhere s where s.level >= ${pathsFrom}`,
});
