import type {Invocation} from './programs.ts';

/** Programs all of whose arguments are written to, removed or changed. */
const changesAll = new Set(
	'tee touch truncate mkdir rm rmdir unlink shred chmod chown chgrp chattr mknod mkfifo'.split(' ')
);
/** Programs that write to their last argument, or to the folder named by -t. */
const changesLast = new Set('cp mv ln install rsync'.split(' '));

/** The paths a program writes to. */
export function writtenBy({program, argv}: Invocation): readonly string[] {
	const words = argv.filter(word => !word.startsWith('-'));
	if (changesAll.has(program)) return words;
	if (changesLast.has(program)) {
		const folder = argv.flatMap((word, index) => {
			const joined = /^--target-directory=(.*)/.exec(word)?.[1];
			if (joined !== undefined) return [joined];
			const isOption = /^-[A-Za-z]*t$/.test(word) || word === '--target-directory';
			return isOption ? [argv[index + 1] ?? ''] : [];
		});
		if (folder.length > 0) return folder;
		// `install -d` makes every folder it is given
		if (program === 'install' && argv.some(word => /^-[A-Za-z]*d/.test(word) || word === '--directory')) return words;
		return words.length > 1 ? words.slice(-1) : [];
	}
	if (program === 'dd') return words.flatMap(word => (word.startsWith('of=') ? [word.slice(3)] : []));
	if (
		(program === 'sed' || program === 'perl') &&
		argv.some(word => /^-[A-Za-z]*i/.test(word) || word.startsWith('--in-place'))
	)
		return words.slice(1);
	if (program === 'patch')
		return argv.flatMap((word, index) => (word === '-o' || word === '-d' ? [argv[index + 1] ?? ''] : []));
	return [];
}

const home = '(?:~[a-z0-9_-]*|\\$HOME|/home/[^/]+|/root)';
/** What runs by itself, or decides who may be root. */
const startup = new RegExp(
	`^${home}/\\.(?:bash|zsh|profile|xinit|xprofile|xsession|zlog|inputrc|pam_environment|ssh(?:/|$)|gitconfig|gnupg|local/share/(?:systemd|applications|dbus)|config/(?:autostart|systemd|fish|environment\\.d|plasma|hypr|sway|i3|git))` +
		'|^(?:\\$XDG_CONFIG_HOME)/(?:autostart|systemd|fish|environment\\.d)' +
		'|^/etc/(?:profile|bash|zsh|environment|cron|anacron|systemd|sudoers|doas|pam\\.d|security|ld\\.so|passwd|shadow|group|gshadow|ssh|pacman|rc\\.local|init|modules-load|modprobe|udev|xdg/autostart|polkit|dbus|hosts|resolv|nsswitch|ca-certificates)' +
		'|^/var/spool/(?:cron|at)|^/(?:usr/)?lib/(?:systemd|udev)/|^/usr/share/libalpm/|^/boot(?:/|$)'
);
const outside = /^(?:\/|~|\$HOME(?:\/|$)|\$XDG_)/;
const devices = /^\/dev\/(?:null|zero|full|std(?:in|out|err)|tty|fd\/.*|pts\/.*)$/;
const shared = /^(?:\/tmp|\/var\/tmp|\/dev\/shm|\$TMPDIR)(?:\/|$)/;

/** The flag of writing to this path, a word as the shell sees it with `$srcdir` and `$pkgdir` left as they are. */
export function writeFlag(path: string, role: 'recipe' | 'install' | 'script'): string | undefined {
	if (devices.test(path)) return undefined;
	if (startup.test(path)) return 'write.startup';
	if (shared.test(path)) return 'write.shared';
	if (role !== 'recipe') return undefined;
	if (/^\$(?:pkgdir|srcdir|startdir)\b/.test(path)) {
		const ups = path.split('/').filter(step => step === '..').length;
		return ups > (path.startsWith('$srcdir') ? 1 : 0) ? 'write.outside' : undefined;
	}
	return outside.test(path) || /(?:\.\.\/){4}/.test(path) ? 'write.outside' : undefined;
}
