import {chmodSync, chownSync, mkdirSync, mkdtempSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {node, type Place, repository} from './practice.ts';

/** Nobody else's id on a machine that counts users from 1000. */
export const id = 54_242;

/** "dev", by `openssl passwd -6 -salt linuxrustsetup dev`. */
const hash = '$6$linuxrustsetup$j9rdsRVKhy39VFvjctkqstmFULaZqta.N3k/UHsIj497u6IAxszX.hoTxsabXe/rugIUGGdKvHTxxJ7ngBgIb/';

/**
 * The user exists in a mount namespace alone: the machine's own files stay as they are. The program is seen where that user may read
 * it, wherever this repository is.
 */
const become = `
mine=$1 repository=$2 node=$3 id=$4 ids=$5 sudoers=$6 home=$7; shift 9
mount --make-rprivate /
mkdir -p "$mine/program"; cd "$mine"
cp /etc/passwd /etc/group /etc/shadow .
echo "dev:x:$id:$id::$home:/bin/sh" >> passwd
echo "dev:x:$id:" >> group
echo 'dev:${hash}:19000:0:99999:7:::' >> shadow
echo "$ids" > subuid; echo "$ids" > subgid
printf 'Defaults lecture=never, use_pty\\nroot ALL=(ALL:ALL) ALL\\n%s\\n' "$sudoers" > sudoers; chmod 440 sudoers
for file in passwd group shadow subuid subgid sudoers; do [ -e "/etc/$file" ] || : > "/etc/$file"; mount --bind "$file" "/etc/$file"; done
: > node; mount --bind "$node" node; mount --bind "$repository" program
exec setpriv --reuid="$id" --regid="$id" --clear-groups --inh-caps=-all env HOME="$home" USER=dev ./node program/bin/linux-rust-setup.js "$@"
`.trim();

/**
 * What is put in front of the program to run it as an ordinary user, `dev`, whose password is that too. `ids`: further ids of its own,
 * as useradd gives them. `sudo`: it may become root with its password.
 */
export function asOrdinaryUser(at: Place, may: {readonly ids?: true; readonly sudo?: true}): readonly string[] {
	const base = dirname(at.cache);
	chmodSync(base, 0o755);
	mkdirSync(at.cache, {recursive: true});
	chownSync(at.cache, id, id);
	const mine = mkdtempSync(join(base, 'user-'));
	chmodSync(mine, 0o755);
	return [
		...['unshare', '--mount', 'sh', '-euc', become, 'sh', mine, repository, node, String(id)],
		...[may.ids ? 'dev:4000000:65536' : '', may.sudo ? 'dev ALL=(ALL:ALL) ALL' : '', at.cache]
	];
}

/** Gives a folder, and what is kept below it, to that user. */
export function give(folder: string): string {
	mkdirSync(join(folder, '.state'), {recursive: true});
	for (const path of [folder, join(folder, '.state')]) chownSync(path, id, id);
	return folder;
}
