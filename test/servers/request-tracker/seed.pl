# What every Request Tracker of a test begins with: people, a queue, and accounts that lack one right each.
use strict;
use warnings;
use utf8;
use lib '/usr/share/request-tracker5/lib';
use JSON ();
use RT;
RT::LoadConfig();
RT::Init();

my $root = RT->SystemUser;
my %tokens;

sub sure { my ($ok, $why) = @_; die "$why\n" unless $ok; return $ok }

sub token {
    my ($user) = @_;
    my $token = RT::AuthToken->new($root);
    my ($ok, $why, $text) = $token->Create(Owner => $user->Id, Description => 'test');
    sure($ok, $why);
    $tokens{$user->Name} = $text;
}

sub user {
    my ($name, $email, $privileged) = @_;
    my $user = RT::User->new($root);
    sure($user->Create(Name => $name, EmailAddress => $email, RealName => ucfirst $name, Privileged => $privileged, Password => "password-of-$name"));
    token($user);
    return $user;
}

my $admin = RT::User->new($root);
$admin->Load('root');
token($admin);

my $queue = RT::Queue->new($root);
$queue->Load('General');
my $other = RT::Queue->new($root);
sure($other->Create(Name => 'Second line'));

my $requestors = RT::Group->new($root);
sure($requestors->LoadRoleGroup(Object => RT->System, Name => 'Requestor'));
sure($requestors->PrincipalObj->GrantRight(Right => $_, Object => RT->System)) for qw(ShowTicket);

user('carol', 'carol@customer.example', 0);
user('dave', 'dave@customer.example', 0);
my $ann = user('ann', 'ann@corp.example', 1);
sure($ann->PrincipalObj->GrantRight(Right => $_, Object => RT->System)) for qw(SeeQueue ShowTicket ShowTicketComments CommentOnTicket ReplyToTicket ModifyTicket OwnTicket);

# The account of the set-up has no right until the set-up has given it.
user('gatehouse', 'gatehouse@corp.example', 1);
my @rights = qw(SeeQueue ShowTicket ShowTicketComments CommentOnTicket SeeCustomField ModifyCustomField);
for my $lacking (@rights, 'none', 'optional') {
    # Everybody who works here sees the fields; whoever must not see them is somebody else.
    my $user = user("without-$lacking", undef, $lacking eq 'SeeCustomField' ? 0 : 1);
    next if $lacking eq 'none';
    my @more = $lacking eq 'optional' ? qw(ReplyToTicket CreateTicket ModifyTicket) : ();
    sure($user->PrincipalObj->GrantRight(Right => $_, Object => $queue)) for grep { $_ ne $lacking } @rights, @more;
}

print JSON::encode_json(\%tokens);
