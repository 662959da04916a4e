# Runs first in namespaces of its own, and gives them a small root: the programs of the machine, read only, and the `etc` and
# `home` of a folder; nothing else of the machine is there. Those two belong to the account, so nobody writes into them before
# what they lead to can only be inside.
#
# The standard input has the files of `etc`, their count first, each as path and Base64, and after them `account:password`, or
# an empty line to leave the password as it is. Its end is the end of everything here: it ends with whoever started it.
set -eu
folder=$1   # that of `etc` and `home`
dropping=$2 # the command that takes all privileges of this process away
sshd=$3     # its path
owner=$4    # whom things belong to; nobody where they do already
machine=$5  # the name of the machine
account=$6  # the name of its account

hostname "$machine"
mount -t tmpfs -o mode=0755,nosuid tmpfs /mnt
cd /mnt
for name in bin sbin lib lib32 lib64 libx32 usr; do
  if [ -L "/$name" ]; then
    cp -P "/$name" "$name"
  elif [ -d "/$name" ]; then
    mkdir "$name"
    mount --rbind "/$name" "$name"
    mount -o remount,bind,ro,nosuid "$name"
  fi
done
mkdir -p etc home dev/pts proc run tmp var/log old
for name in etc home; do mount --bind "$folder/$name" "$name"; done
for name in null zero full random urandom tty; do
  : > "dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
# Refused in some containers; then its tools see no processes.
mount -t proc -o nosuid,nodev,noexec proc proc 2> /dev/null || true
chmod 1777 tmp
pivot_root . old
cd /
umount -l /old
rmdir /old

# The account could write all of it: nothing but its password stays, and nothing that is run below was made by it.
if [ -L /etc/shadow ] || [ ! -f /etc/shadow ]; then rm -rf /etc/shadow; fi
find /etc -mindepth 1 -maxdepth 1 ! -name shadow -exec rm -rf {} +
umask 077
read -r count
for file in $(seq "$count"); do
  read -r name
  read -r encoded
  mkdir -p "/etc/$(dirname "$name")"
  printf '%s' "$encoded" | base64 -d > "/etc/$name"
done
[ -e /etc/shadow ] || printf 'root:*:19000:0:99999:7:::\n%s:*:19000:0:99999:7:::\n' "$account" > /etc/shadow
read -r password
if [ -n "$password" ]; then printf '%s\n' "$password" | chpasswd; fi
: > /etc/.pwd.lock
mkdir -p "/home/$account"
if [ -n "$owner" ]; then chown -hR "$owner" /etc /home; fi

# From here on this process runs nothing but itself.
trap 'exit 1' TERM
exec 3<&0
(
  while read -r line; do :; done
  kill -TERM 1
) <&3 &
# Waiting, it also takes leave of processes that others left behind.
$dropping "$sshd" -D -e -f /etc/ssh/sshd_config < /dev/null > /dev/null 3<&- &
wait $!
