import { logicalFields, mappedNames, type SetUp, type SetUpAround, startWords } from '@gatehouse/desk-kit';
import type { Settings } from './settings.ts';

/** A script that makes what sessions need, looking first what is there. It holds no secret: of the key only a digest. */
export const setUp = async (settings: Settings, { startUrl }: SetUpAround): Promise<SetUp> => {
  const { fields: mapping, project, apiKey, makesIssues } = settings;
  const fields = mappedNames(mapping).map(([field, name]) => [
    ...[name, logicalFields[field]],
    field === 'sessionIds' ? 'text' : field === 'sessionUrl' || field === 'sessionStartLink' ? 'link' : 'string',
    field === 'sessionUrl'
      ? '%value%'
      : field === 'sessionStartLink'
        ? (startUrl?.replaceAll('{ticket}', '%id%') ?? '')
        : '',
    field === 'sessionStartLink' && startUrl !== null ? startWords : '',
  ]);
  const permissions = [
    ...['view_issues', 'edit_issues', 'add_issue_notes', 'set_notes_private', 'edit_own_issue_notes'],
    ...(makesIssues ? ['add_issues'] : []),
  ];
  const text = [
    '# Made by Gatehouse from the settings of a desk. It may be run as often as you like.',
    `key = ${ruby(await digest(apiKey.reveal()))}`,
    `project = ${ruby(project)}`,
    `permissions = [${permissions.map((one) => `:${one}`).join(', ')}]`,
    'fields = [',
    ...fields.map((row) => `  [${row.map(ruby).join(', ')}],`),
    ']',
    body,
  ].join('\n');
  return {
    fileName: 'gatehouse-support.rb',
    text,
    commands: ['RAILS_ENV=production bundle exec rails runner "$PWD/gatehouse-support.rb"'],
  };
};

const digest = async (text: string): Promise<string> => {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** A string of Ruby that holds exactly this text. */
const ruby = (text: string): string => `'${text.replaceAll(/[\\']/g, (letter) => `\\${letter}`)}'`;

const body = `
require 'digest'
say = lambda { |ok, what, why| warn "Gatehouse: #{ok ? 'done' : 'NOT DONE'}: #{what}#{ok || why.to_s.empty? ? '' : " (#{why})"}" }
save = lambda { |record, what| record.save ? say.call(true, what, nil) : say.call(false, what, record.errors.full_messages.join(' ')) }

unless Setting.rest_api_enabled?
  Setting.rest_api_enabled = '1'
  say.call(true, 'REST web services are enabled', nil)
end
found = Project.find_by_identifier(project)
if found.nil?
  say.call(false, "there is no project #{project}", nil)
else
  # A link is shown where its field holds something: new issues have the words from the beginning, open ones from now on.
  fill = lambda do |field, words|
    given = CustomValue.where(:customized_type => 'Issue', :custom_field_id => field.id)
    open = Issue.where(:project_id => found.id).open.where.not(:id => given.where("value <> ''").select(:customized_id))
    filled = 0
    open.find_each do |issue|
      value = given.find_by(:customized_id => issue.id) || CustomValue.new(:customized => issue, :custom_field => field)
      value.value = words
      filled += 1 if value.save
    end
    say.call(true, "#{field.name} of #{filled} open issues", nil) if filled > 0
  end
  fields.each do |name, about, format, pattern, words|
    field = IssueCustomField.find_by_name(name)
    if field.nil?
      field = IssueCustomField.new(:name => name, :description => "Gatehouse: #{about}", :is_for_all => false, :visible => true, :searchable => false)
      field.field_format = format
      field.is_filter = true
      field.trackers = found.trackers
      field.projects = [found]
      field.url_pattern = pattern if pattern != ''
      field.default_value = words if words != ''
      save.call(field, "custom field #{name}")
      fill.call(field, words) if words != '' && field.persisted?
      next
    end
    changed = []
    unless field.is_filter?
      field.is_filter = true
      changed << 'used as a filter'
    end
    if pattern != '' && field.url_pattern != pattern
      field.url_pattern = pattern
      changed << 'link'
    end
    if words != '' && field.default_value.to_s == ''
      field.default_value = words
      changed << 'words'
    end
    save.call(field, "custom field #{name}: #{changed.join(', ')}") unless changed.empty?
    unless field.is_for_all? || field.projects.include?(found)
      field.projects << found
      say.call(true, "custom field #{name} in #{project}", nil)
    end
    missing = found.trackers.to_a - field.trackers.to_a
    unless missing.empty?
      field.trackers += missing
      say.call(true, "custom field #{name} for #{missing.map(&:name).join(', ')}", nil)
    end
    fill.call(field, words) if words != ''
  end
  role = Role.find_by_name('Gatehouse') || Role.new(:name => 'Gatehouse', :assignable => false)
  lacking = permissions - role.permissions.to_a
  if role.new_record? || !lacking.empty?
    role.permissions = role.permissions.to_a | permissions
    save.call(role, "role Gatehouse with #{lacking.join(', ')}")
  end
  token = Token.where(:action => 'api').to_a.find { |one| Digest::SHA256.hexdigest(one.value) == key }
  if token.nil?
    say.call(false, 'the account of the API key is not there', nil)
  else
    member = Member.find_by(:project_id => found.id, :user_id => token.user_id) || Member.new(:project => found, :principal => token.user)
    unless member.roles.include?(role)
      member.roles << role
      save.call(member, "#{token.user.login} is a member of #{project}")
    end
  end
end
`;
