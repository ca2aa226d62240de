import {beforeAll, describe, expect, test} from 'vitest';
import {type Ended, runInGuest} from './lab.ts';

/** dev may become root without a password: these jobs have no terminal to type one on. */
const prepare = 'echo "dev ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/dev-without-password';

/** Two modules, built and remembered, on a machine that was seen green. */
const green = `
mkdir ~/src && cd ~/src
for name in hello numbers; do
	linux-rust-setup new $name --template $name > /dev/null 2>&1 && linux-rust-setup build $name > /dev/null 2>&1 || exit
done
cd ~
linux-rust-setup check --json > /results/green.json`;

type Document = {
	readonly next: string | null;
	readonly steps: readonly {
		readonly id: string;
		readonly status: string;
		readonly reason?: string;
		readonly summary: string;
	}[];
	readonly since?: {readonly changes: readonly {readonly fact: string; readonly stale: readonly string[]}[]};
};
const documentOf = (ended: Ended, name: string): Document => JSON.parse(ended.files[name] ?? '');
const stepOf = (document: Document, id: string) => document.steps.find(one => one.id === id);

describe('modules that were built for another kernel', () => {
	let ended: Ended & {readonly output: string};
	beforeAll(async () => {
		ended = await runInGuest(`${green}
cp ~/.local/state/linux-rust-setup/memory.json /results/
# as long as the release of this kernel
other=$(uname -r | sed 's/^6.12.\\([0-9]*\\)[0-9]/6.12.\\1x/; s/x/0/')
[ "$other" != "$(uname -r)" ] || other=$(uname -r | sed 's/0-arch/1-arch/')
sed -i "s/$(uname -r)/$other/g" ~/src/*/*.ko
linux-rust-setup check --json > /results/stale.json
linux-rust-setup check --quiet > /results/quiet
linux-rust-setup check --mend > /results/mended 2> /results/mending; echo "mend ended with $?"
linux-rust-setup check --json > /results/mended.json
linux-rust-setup check --mend --quiet; echo "again: $?"
ls ~/.local/state/linux-rust-setup`);
	}, 180_000);

	test('are seen, all of them, with one remedy', () => {
		expect(stepOf(documentOf(ended, 'green.json'), 'build')).toMatchObject({status: 'done'});
		const stale = documentOf(ended, 'stale.json');
		expect(stepOf(stale, 'build')).toMatchObject({
			status: 'stale',
			reason: 'build.other-release',
			summary: 'two modules need a rebuild'
		});
		expect(stale.since?.changes.map(one => [one.fact, one.stale])).toEqual([
			['module numbers', ['build', 'load']],
			['module hello', ['build', 'load']]
		]);
		expect(ended.files['quiet']).toBe('build: two modules need a rebuild\n');
	});

	test('are built again by --mend, and what is left needs the user', () => {
		expect(ended.files['mending']).toMatch(
			/build: Build numbers, hello again\nmake -C \S+ M=\S+ clean .*\nmake -C \S+ M=\S+ .*modules /
		);
		expect(ended.files['mending']).toContain('load needs you: Load numbers');
		expect(ended.output).toContain('mend ended with 1');
		const mended = documentOf(ended, 'mended.json');
		expect(stepOf(mended, 'build')).toMatchObject({status: 'done'});
		expect(mended.since).toBeUndefined();
		expect(ended.output).toContain('again: 1');
	});

	test('and are remembered with the facts of the machine', () => {
		expect(JSON.parse(ended.files['memory.json'] ?? '')).toMatchObject({
			schema: 2,
			green: {
				kernel: {package: 'linux-rust'},
				rustc: {path: '/usr/bin/rustc'},
				modules: [{name: 'numbers'}, {name: 'hello'}]
			}
		});
		expect(ended.output.trim().split('\n').at(-1)).toBe('memory.json');
	});
});

describe('a kernel upgraded by pacman, with the hook', () => {
	/** linux-rust of a later version: the same files under another release. */
	const upgrade = `
mkdir ~/package && cd ~/package
release=$(uname -r)
cat > PKGBUILD <<END
pkgname=linux-rust
pkgver=6.12.999.arch1
pkgrel=1
arch=(any)
license=(GPL-2.0-only)
options=(!strip !debug)
package() {
	local modules=\\$pkgdir/usr/lib/modules/6.12.999-arch1-1-rust
	install -d \\$modules
	cp /usr/lib/modules/$release/{vmlinuz,pkgbase,modules.order} \\$modules
	zcat /proc/config.gz > \\$modules/config
}
END
PKGEXT=.pkg.tar makepkg --nodeps > /results/makepkg 2>&1 || exit
cd ~`;

	test('says in two lines what the update means; check says the same with its reasons', async () => {
		const {output, files, code} = await runInGuest(
			`${green}
linux-rust-setup hook show
linux-rust-setup hook install --quiet; echo "install ended with $?"
ls -l /etc/pacman.d/hooks/linux-rust-setup.hook
${upgrade}
sudo pacman -U --noconfirm ~/package/*.pkg.tar > /results/pacman 2>&1; echo "pacman ended with $?"
linux-rust-setup check --json > /results/upgraded.json; echo "check ended with $?"
start=$(date +%s%N)
sudo linux-rust-setup check --hook < /dev/null > /results/hook; echo "hook ended with $? after $((($(date +%s%N) - start) / 1000000)) ms"
linux-rust-setup hook remove --quiet; echo "remove ended with $?"
ls /etc/pacman.d/hooks
sudo find /root /home/dev -user root -newer /results/green.json -path '*linux-rust-setup*'`,
			{prepare, timeout: 180_000}
		);
		expect(code).toBe(0);
		expect(output).toMatch(/^\/etc\/pacman\.d\/hooks\/linux-rust-setup\.hook: not installed/);
		expect(output).toContain('install ended with 0');
		expect(output).toMatch(/-rw-r--r-- 1 root root/);
		expect(output).toContain('pacman ended with 0');

		const words = (files['pacman'] ?? '').split('\n').filter(line => line.startsWith('linux-rust-setup: '));
		expect(words).toHaveLength(2);
		expect(words[0]).toMatch(
			/kernel linux-rust 6\.12\.\d+-arch1-1-rust -> linux-rust 6\.12\.999-arch1-1-rust, headers /
		);
		expect(words[1]).toMatch(/reboot, then run: linux-rust-setup check --mend \(two modules need a rebuild\)/);
		expect((files['hook'] ?? '').trim().split('\n')).toEqual(words);
		// half a second in a guest that has a processor to itself
		expect(Number(/hook ended with 0 after (\d+) ms/.exec(output)?.[1])).toBeLessThan(5000);

		const document = documentOf({files} as unknown as Ended, 'upgraded.json');
		expect(output).toContain('check ended with 4');
		expect(stepOf(document, 'boot')).toMatchObject({reason: 'boot.updated'});
		expect(document.since?.changes).toMatchObject([
			{fact: 'kernel', note: 'not running yet: reboot', stale: ['boot', 'metadata', 'build', 'load']},
			{fact: 'headers', after: null, stale: ['metadata', 'build', 'load']}
		]);
		// nothing of root's is left in anyone's home, and no hook
		expect(output).toMatch(/remove ended with 0\n$/);
	}, 200_000);
});

describe('memory on a disk', () => {
	test('that is full, or read-only: the old memory stays whole and the user is told', async () => {
		const {output} = await runInGuest(
			`mkdir -p ~/src ~/state && cd ~/src
linux-rust-setup new numbers > /dev/null 2>&1
sudo mount -t tmpfs -o size=32k,uid=$(id -u),mode=700 tmpfs ~/state
export XDG_STATE_HOME=$HOME/state
linux-rust-setup build numbers > /dev/null 2>&1
before=$(cat ~/state/linux-rust-setup/memory.json)
cat /dev/zero > ~/state/filler 2> /dev/null
# that all is green is to be remembered
linux-rust-setup check --quiet
[ "$before" = "$(cat ~/state/linux-rust-setup/memory.json)" ] && echo whole
rm ~/state/filler
sudo mount -o remount,ro ~/state
linux-rust-setup check --quiet
[ "$before" = "$(cat ~/state/linux-rust-setup/memory.json)" ] && echo whole`,
			{prepare}
		);
		const said =
			'load: numbers is not loaded\n\\S+memory\\.json cannot be written \\(.+\\): nothing is remembered of this run\nwhole\n';
		expect(output).toMatch(new RegExp(`^${said}${said}$`));
	}, 180_000);
});
