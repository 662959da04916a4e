import { logicalFields, mappedNames, type SetUp, type SetUpAround, startWords } from '@gatehouse/desk-kit';
import { accountOf } from './session.ts';
import { queuesOf, type Settings } from './settings.ts';

/**
 * Initial data of RT that makes what sessions need, looking first what is there: RT itself inserts everything twice when
 * it is run twice. What it makes is found by its name, and what was entered anew (links, the secret) takes the place of
 * what was there.
 */
export const setUp = (settings: Settings, { webhookUrl, startUrl }: SetUpAround): SetUp => {
  const { fields: mapping, notesField, webhookSecret } = settings;
  const visible = mappedNames(mapping).map(([field, name]) => ({
    name,
    about: logicalFields[field],
    type: field === 'sessionIds' ? 'FreeformMultiple' : 'FreeformSingle',
    link: field === 'sessionUrl' ? '__CustomField__' : field === 'sessionStartLink' ? startLink(startUrl) : '',
    people: field === 'jumpSearch' ? 'modify' : 'see',
    words: field === 'sessionStartLink' && startUrl !== null ? startWords : '',
  }));
  const hidden = {
    name: notesField,
    about: 'Notes being written',
    type: 'FreeformMultiple',
    link: '',
    people: '',
    words: '',
  };
  const rights = [
    ...['SeeQueue', 'ShowTicket', 'ShowTicketComments', 'CommentOnTicket'],
    ...(settings.repliesToCustomers ? ['ReplyToTicket'] : []),
    ...(settings.movesTickets ? ['ModifyTicket'] : []),
    ...(settings.newTicketQueue === null ? [] : ['CreateTicket']),
  ];
  const text = [
    '# Made by Gatehouse from the settings of a desk. It may be run as often as you like.',
    'use utf8;',
    `my $account = ${perl(accountOf(settings.token) ?? '0')};`,
    `my @queues = (${queuesOf(settings).map(perl).join(', ')});`,
    `my @rights = (${rights.map(perl).join(', ')});`,
    'my @fields = (',
    ...[...visible, hidden].map(
      ({ name, about, type, link, people, words }) =>
        `  [${[name, type, about, link, people, words].map(perl).join(', ')}],`,
    ),
    ');',
    `my $url = ${perl(webhookUrl ?? '')};`,
    `my $secret = ${perl(webhookSecret?.reveal() ?? '')};`,
    body,
    '1;',
    '',
  ].join('\n');
  return {
    fileName: 'gatehouse-support.initialdata',
    text,
    commands: [
      'chmod 600 gatehouse-support.initialdata',
      'rt-setup-database-5 --action insert --skip-create --datafile "$PWD/gatehouse-support.initialdata"',
      'rm gatehouse-support.initialdata',
    ],
  };
};

const startLink = (startUrl: string | null): string => startUrl?.replaceAll('{ticket}', '__id__') ?? '';

/** A string of Perl that holds exactly this text. */
const perl = (text: string): string => `'${text.replaceAll(/[\\']/g, (letter) => `\\${letter}`)}'`;

const body = String.raw`
my $root = RT->SystemUser;
# What goes wrong ends it with a word: RT only logs what happens in here.
sub gatehouse_say { my ($ok, $what, $why) = @_; print STDERR 'Gatehouse: ', ($ok ? 'done' : 'NOT DONE'), ": $what", ($ok || !$why ? '' : " ($why)"), "\n"; return $ok }
sub gatehouse_has { my ($who, $right, $object) = @_; my $acl = RT::ACL->new(RT->SystemUser); $acl->Limit(FIELD => 'PrincipalId', VALUE => $who->Id); $acl->Limit(FIELD => 'RightName', VALUE => $right); $acl->Limit(FIELD => 'ObjectType', VALUE => ref $object); $acl->Limit(FIELD => 'ObjectId', VALUE => $object->Id); return $acl->Count }
# A link is shown where its field holds something: new tickets have the words from the beginning, open ones from now on.
sub gatehouse_fill {
    my ($field, $queue, $words) = @_;
    my $before = $field->DefaultValues(Object => $queue);
    unless (ref $before ? @$before : length($before || '')) {
        my ($ok, $why) = $field->SetDefaultValues(Object => $queue, Values => $words);
        gatehouse_say($ok, $field->Name . ' of new tickets in ' . $queue->Name, $why);
    }
    my $tickets = RT::Tickets->new(RT->SystemUser);
    $tickets->FromSQL('Queue = ' . $queue->Id . q{ AND Status = '__Active__'});
    $tickets->OrderByCols({ FIELD => 'id', ORDER => 'ASC' });
    $tickets->RowsPerPage(500);
    my $filled = 0;
    for (my $page = 0; ; $page++) {
        $tickets->GotoPage($page);
        my @some = @{ $tickets->ItemsArrayRef };
        for my $ticket (@some) {
            next if $ticket->CustomFieldValues($field->Id)->Count;
            my ($ok) = $ticket->AddCustomFieldValue(Field => $field->Id, Value => $words, RecordTransaction => 0);
            $filled++ if $ok;
        }
        last if @some < 500;
    }
    gatehouse_say(1, $field->Name . " of $filled open tickets in " . $queue->Name) if $filled;
}

our @Final = (sub {
    my $user = RT::User->new($root);
    $user->Load($account) if $account;
    return gatehouse_say(0, 'the account of the token is not there') unless $user->Id;
    # Rights of a user are kept for the group that is that user alone, which GrantRight finds by itself.
    my $acl = RT::Group->new($root);
    $acl->LoadACLEquivalenceGroup($user->PrincipalObj);
    my $staff = RT::Group->new($root);
    $staff->LoadSystemInternalGroup('Privileged');
    my $grant = sub {
        my ($who, $holder, $right, $object, $what) = @_;
        return if gatehouse_has($holder, $right, $object);
        my ($ok, $why) = $who->PrincipalObj->GrantRight(Right => $right, Object => $object);
        gatehouse_say($ok, $what, $why);
    };
    my @found;
    for my $name (@queues) {
        my $queue = RT::Queue->new($root);
        $queue->Load($name);
        unless ($queue->Id) { gatehouse_say(0, "there is no queue $name"); next }
        push @found, $queue;
        $grant->($user, $acl, $_, $queue, "$_ for " . $user->Name . " in $name") for @rights;
    }
    for (@fields) {
        my ($name, $type, $about, $link, $people, $words) = @$_;
        my $field = RT::CustomField->new($root);
        $field->LoadByCols(Name => $name, LookupType => 'RT::Queue-RT::Ticket', Disabled => 0);
        unless ($field->Id) {
            my ($ok, $why) = $field->Create(Name => $name, Type => $type, LookupType => 'RT::Queue-RT::Ticket', Description => "Gatehouse: $about");
            gatehouse_say($ok, "custom field $name", $why) or next;
        }
        if ($link ne '' && ($field->LinkValueTo || '') ne $link) {
            my ($ok, $why) = $field->SetLinkValueTo($link);
            gatehouse_say($ok, "link of $name", $why);
        }
        for my $queue (@found) {
            next if $field->IsGlobal || $field->IsAdded($queue->Id);
            my ($ok, $why) = $field->AddToObject($queue);
            gatehouse_say($ok, "$name in " . $queue->Name, $why);
        }
        $grant->($user, $acl, $_, $field, "$_ of $name for " . $user->Name) for qw(SeeCustomField ModifyCustomField);
        if ($words ne '') { gatehouse_fill($field, $_, $words) for @found }
        $grant->($staff, $staff, 'SeeCustomField', $field, "SeeCustomField of $name for everybody who works here") if $people ne '';
        $grant->($staff, $staff, 'ModifyCustomField', $field, "ModifyCustomField of $name for everybody who works here") if $people eq 'modify';
    }
    return if $url eq '' || $secret eq '';
    my $description = 'Gatehouse: tell the desk program of changes';
    # Between braces of q{} nothing has a meaning but braces and backslashes, of which the bytes in hex have none.
    my $commit = 'my ($url, $secret, $account) = map { pack q{H*}, $_ } qw(' . join(' ', map { my $bytes = $_; utf8::encode($bytes); unpack 'H*', $bytes } $url, $secret, $account) . ');' . <<'GATEHOUSE';

my $transaction = $self->TransactionObj;
return 1 if $transaction->Creator eq $account;
eval {
    require LWP::UserAgent; require Digest::SHA;
    my $what = $transaction->Type eq 'Create' ? 'created' : 'changed';
    my $body = '{"ticket":"' . $self->TicketObj->Id . '","what":"' . $what . '"}';
    my ($id, $now) = ('rt-' . $transaction->Id, time);
    my $signature = Digest::SHA::hmac_sha256_base64("$id.$now.$body", $secret);
    $signature .= '=' while length($signature) % 4;
    my $answer = LWP::UserAgent->new(timeout => 3, max_redirect => 0)->post($url, 'Content-Type' => 'application/json', 'webhook-id' => $id, 'webhook-timestamp' => $now, 'webhook-signature' => "v1,$signature", Content => $body);
    RT->Logger->warning('Gatehouse did not hear of transaction ' . $transaction->Id . ': ' . $answer->code) unless $answer->is_success;
    1;
} or RT->Logger->warning("Gatehouse could not be told: $@");
1;
GATEHOUSE
    # Times that RT sets by itself, as when a ticket is opened, are no change of anybody.
    my $applies = q{my $change = $self->TransactionObj; $change->Type =~ /^(?:Create|Status|CustomField|AddWatcher|DelWatcher|SetWatcher|AddLink|Correspond)$/ || ($change->Type eq 'Set' && $change->Field =~ /^(?:Subject|Owner|Queue)$/)};
    my $scrips = RT::Scrips->new($root);
    $scrips->Limit(FIELD => 'Description', VALUE => $description);
    my $scrip = $scrips->First;
    if ($scrip) {
        if ($scrip->CustomCommitCode ne $commit) { my ($ok, $why) = $scrip->SetCustomCommitCode($commit); gatehouse_say($ok, 'webhook', $why) }
    } else {
        $scrip = RT::Scrip->new($root);
        my ($ok, $why) = $scrip->Create(Description => $description, Queue => $found[0] ? $found[0]->Id : 0, ScripCondition => 'User Defined', ScripAction => 'User Defined', Template => 'Blank', CustomIsApplicableCode => $applies, CustomPrepareCode => '1', CustomCommitCode => $commit);
        gatehouse_say($ok, 'webhook', $why) or return;
    }
    for my $queue (@found) {
        next if $scrip->IsGlobal || $scrip->IsAdded($queue->Id);
        my ($ok, $why) = $scrip->AddToObject($queue->Id);
        gatehouse_say($ok, 'webhook in ' . $queue->Name, $why);
    }
});
`;
