import type {Command} from '../model/command.ts';
import type {User} from '../model/machine.ts';

/**
 * A practice root, and how it is worked in: by root (itself, or through sudo), or by an ordinary user in a user namespace, in which
 * that user is root and further ids are those of /etc/subuid.
 */
export type Root = {readonly path: string; readonly way: 'root' | 'namespace'};

/**
 * Runs what follows in the practice root, with a process space, a /proc and a /tmp of its own: whatever it starts ends with it,
 * and nothing stays mounted or lying about, however it ends. FOLDER, if any, is the one folder of this machine that is seen inside.
 * A user namespace can make no devices: there the machine's own are seen.
 */
const enter = `
root=$1 folder=$2 cwd=$3 who=$4 devices=$5; shift 5
[ -z "$devices" ] || mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
[ -z "$folder" ] || { mkdir -p "$root$folder"; mount --bind "$folder" "$root$folder"; }
exec chroot "$who" "$root" env -C "$cwd" "$@"
`.trim();

/** Killed with what started it, however that ends: the kernel sees to it. */
const withParent = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

/**
 * sudo stands between this program and what it starts, and does not end with it; nor does it pass TERM on to more than its own
 * child. So that child looks after this program, once a second, and ends the rest.
 */
const guard = `
owner=$1; shift
"$@" &
child=$!
trap 'kill -KILL "$child"' HUP INT TERM
(
	trap - HUP INT TERM
	while [ -d "/proc/$owner" ] && [ -d "/proc/$child" ]; do sleep 1; done
	kill -KILL "$child"
) > /dev/null 2>&1 &
watch=$!
code=0
wait "$child" || code=$?
kill "$watch" 2> /dev/null
exit "$code"
`.trim();

/** What follows ends with this program, at once or within a second. */
const endsWithUs = (way: Root['way']): readonly ['setpriv', ...string[]] =>
	way === 'namespace' ? withParent : [...withParent, 'sh', '-c', guard, 'sh', String(process.pid), ...withParent];

/** As that, in a process space of its own, whose first process takes all others with it. */
const dieTogether = (way: Root['way']): readonly ['setpriv', ...string[]] => [
	...endsWithUs(way),
	'unshare',
	...(way === 'namespace' ? asOwnRoot : []),
	...['--mount', '--pid', '--fork', '--kill-child']
];

const asOwnRoot = ['--user', '--map-root-user', '--map-auto'] as const;

const mountProc = ['--mount', '--pid', '--fork', 'mount', '-t', 'proc', 'proc', '/proc'] as const;

/** Asks whether this user may have a user namespace with ids of its own: it takes newuidmap, a line in /etc/subuid and the kernel's leave. */
export const namespaceProbe = ['unshare', ...asOwnRoot, ...mountProc] as const;

/** Asks for the kernel's leave alone: this user's own id needs no newuidmap. */
export const bareNamespaceProbe = ['unshare', '--user', '--map-root-user', ...mountProc] as const;

/** A command of the practice root, as this machine runs it. `folder` is seen inside under its own path; there the user stays who they are. */
export function inRoot(root: Root, command: Command, folder?: {readonly path: string; readonly owner: User}): Command {
	const {path, way} = root;
	const owner = way === 'root' && folder !== undefined ? folder.owner : {uid: 0, groups: [0]};
	const who = `--userspec=${owner.uid}:${owner.groups[0] ?? owner.uid}`;
	const devices = way === 'namespace' ? 'devices' : '';
	return {
		...command,
		argv: [
			...dieTogether(way),
			...['sh', '-euc', enter, 'sh', path, folder?.path ?? '', command.cwd ?? '/', who, devices],
			...command.argv
		],
		cwd: '/',
		as: privilege(way)
	};
}

const privilege = (way: Root['way']): Command['as'] => (way === 'root' ? 'root' : 'user');

/**
 * The suite's own apt settings, as words, so that they hold for this root alone: its Release file may be past its date, and what
 * nobody reads here is left out. dpkg does not wait for the disk: a root that breaks is made again.
 */
const aptOptions = [
	'Acquire::Check-Valid-Until=false',
	'Acquire::Languages=none',
	'Acquire::Retries=2',
	'APT::Install-Recommends=false',
	'APT::Sandbox::User=root',
	'Dpkg::Use-Pty=0',
	'Dpkg::Options::=--force-unsafe-io',
	...['doc', 'man', 'info', 'locale'].map(folder => `Dpkg::Options::=--path-exclude=/usr/share/${folder}/*`),
	// of the compiler's own source only the library is compiled for a kernel; the later word counts
	'Dpkg::Options::=--path-exclude=/usr/src/rustc-*/*',
	'Dpkg::Options::=--path-include=/usr/src/rustc-*/library/*'
].flatMap(option => ['-o', option]);

const captured = (argv: Command['argv'], why: string, env?: Readonly<Record<string, string>>): Command => ({
	argv,
	cwd: '/',
	...(env === undefined ? {} : {env}),
	as: 'user',
	terminal: 'captured',
	interrupt: 'group',
	why
});

const apt = (words: readonly string[], why: string): Command =>
	captured(['apt-get', ...aptOptions, ...words], why, {DEBIAN_FRONTEND: 'noninteractive'});

/** What went wrong in it, debootstrap writes to a log of its own, and ends with a sentence about something else. */
const debootstrap = `
debootstrap "$@" && exit 0 || code=$?
tail -n 20 "$3/debootstrap/debootstrap.log" 2> /dev/null || true
exit "$code"
`.trim();

/** Makes the base of the root. `script` where debootstrap is too old to know the suite by name; sid's fits its neighbours. */
export function makeBase(options: {
	readonly suite: string;
	readonly mirror: string;
	readonly target: Root;
	readonly script: string | undefined;
}): Command {
	const {suite, mirror, target, script} = options;
	return {
		...captured(
			[
				...dieTogether(target.way),
				'--mount-proc',
				...['sh', '-euc', debootstrap, 'sh', '--variant=minbase', suite, target.path, mirror],
				...(script === undefined ? [] : [script])
			],
			`makes a small Debian ${suite} in a folder of its own; this system is not touched`,
			// what debootstrap knows as lxc: devices cannot be made, and are taken from outside
			target.way === 'namespace' ? {container: 'lxc'} : undefined
		),
		as: privilege(target.way)
	};
}

/** Removes a root. What the ids of a user namespace own, its root alone can remove. */
export const removeRoot = ({path, way}: Root): Command => ({
	...captured(
		[
			...endsWithUs(way),
			...(way === 'namespace' ? ['unshare', ...asOwnRoot] : []),
			...['rm', '-rf', '--one-file-system', path]
		],
		'removes what was half made'
	),
	as: privilege(way)
});

export const renameRoot = (from: Root, to: string): Command => ({
	...captured(['mv', '-T', from.path, to], 'gives it its name now that it is whole'),
	as: privilege(from.way)
});

/** Commands inside the root. */
export const refreshPackages = (suite: string, mirror: string): Command =>
	captured(
		[
			...(['sh', '-euc'] as const),
			`echo "deb $2 $1 main" > /etc/apt/sources.list; shift 2; exec apt-get "$@" update`,
			...['sh', suite, mirror, ...aptOptions]
		],
		'reads what the suite offers'
	);

export const showPackages = (names: readonly string[]): Command =>
	captured(['apt-cache', 'show', '--no-all-versions', ...names], 'asks which kernel and compiler the suite has');

/** Prints the kernel's configuration out of its headers package, without installing it. */
export const showConfig = (headers: string): Command =>
	captured(
		[
			...(['sh', '-euc'] as const),
			'cd /tmp; rm -f ./"$1"_*.deb; apt-get -q -q "$@" >&2; dpkg-deb --fsys-tarfile ./"$1"_*.deb | tar -xO --wildcards "./usr/src/$1/.config"; rm -f ./"$1"_*.deb'.replace(
				'"$@"',
				`${aptOptions.map(word => `'${word}'`).join(' ')} download "$1"`
			),
			'sh',
			headers
		],
		'reads the configuration of the kernel before the rest is fetched'
	);

export const listDownloads = (packages: readonly string[]): Command =>
	apt(['install', '--yes', '--print-uris', ...packages], 'asks how much is to be fetched');

export const installPackages = (packages: readonly string[]): Command =>
	apt(
		['install', '--yes', ...packages],
		'installs the kernel, its headers, its source and its compiler in the practice root'
	);

/** What an interrupted installation left is put in order first. */
export const mendPackages = captured(
	[
		...(['sh', '-euc'] as const),
		`dpkg --force-unsafe-io --configure -a; apt-get ${aptOptions.map(word => `'${word}'`).join(' ')} --yes --fix-broken install`,
		'sh'
	],
	'puts in order what an interrupted installation left',
	{DEBIAN_FRONTEND: 'noninteractive'}
);

export const dropArchives = captured(['apt-get', 'clean'], 'the packages are installed; their archives are not needed');

export const dropScratch = (folder: string): Command =>
	captured(['rm', '-rf', '--one-file-system', folder], 'what the metadata was made in is not needed');
