import {beforeAll, describe, expect, test} from 'vitest';
import {memorySchema} from '../../src/memory/migrations.ts';
import {type Ended, runInGuest} from './lab.ts';
import {type Document, documentOf, green, prepare, stepOf} from './update.ts';

describe('modules that were built for another kernel', () => {
	let ended: Ended & {readonly output: string};
	beforeAll(async () => {
		ended = await runInGuest(
			`${green}
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
ls ~/.local/state/linux-rust-setup`,
			{timeout: 380_000}
		);
	}, 400_000);

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
			schema: memorySchema,
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
			{prepare, timeout: 380_000}
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
		expect(differences(documentOf({files} as unknown as Ended, 'green.json'), document)[0]).toBe(
			'boot: done → boot.updated'
		);
		expect(document.since?.changes).toMatchObject([
			{fact: 'kernel', note: 'not running yet: reboot', stale: ['boot', 'metadata', 'build', 'load']},
			{fact: 'headers', after: null, stale: ['metadata', 'build', 'load']}
		]);
		// nothing of root's is left in anyone's home, and no hook
		expect(output).toMatch(/remove ended with 0\n$/);
	}, 400_000);
});

/** What two documents say differently of the steps: `id: before → after`, a done step without a reason. */
function differences(before: Document, after: Document): readonly string[] {
	const said = (one: Document['steps'][number] | undefined) => one?.reason ?? one?.status;
	return before.steps.flatMap(step => {
		const now = stepOf(after, step.id);
		return said(step) === said(now) ? [] : [`${step.id}: ${said(step)} → ${said(now)}`];
	});
}

/** A package of linux-rust at an older version: the same files under another release, and no headers. */
const olderKernel = `
mkdir ~/older && cd ~/older
release=$(uname -r)
cat > PKGBUILD <<END
pkgname=linux-rust
pkgver=6.12.9.arch1
pkgrel=1
arch=(any)
license=(GPL-2.0-only)
options=(!strip !debug)
package() {
	local modules=\\$pkgdir/usr/lib/modules/6.12.9-arch1-1-rust
	install -d \\$modules
	cp /usr/lib/modules/$release/{vmlinuz,pkgbase,modules.order} \\$modules
	zcat /proc/config.gz > \\$modules/config
}
END
PKGEXT=.pkg.tar makepkg --nodeps > /results/makepkg 2>&1 || exit
cd ~`;

/** A package of rust that is ahead of the kernel: a compiler that says a later version, in the place of the other. */
const newerRust = `
mkdir ~/rust && cd ~/rust
cat > rustc <<'END'
#!/bin/sh
[ "$*" = --version ] || exit 1
echo 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)'
END
chmod +x rustc
cat > PKGBUILD <<'END'
pkgname=rust
epoch=1
pkgver=1.97.1
pkgrel=1
arch=(any)
license=(MIT)
options=(!strip !debug)
source=(rustc)
sha256sums=(SKIP)
package() { install -Dm755 rustc -t "$pkgdir/usr/bin"; }
END
PKGEXT=.pkg.tar makepkg --nodeps > /results/makepkg 2>&1 || exit
cd ~`;

describe('a machine that was green, before and after', () => {
	test('the compiler was upgraded by pacman, and the kernel was not', async () => {
		const {files, output} = await runInGuest(
			`${green}
linux-rust-setup hook install --quiet
${newerRust}
sudo cp --archive /usr/bin/rustc /usr/bin/rustc.kept
sudo pacman -U --noconfirm --overwrite '*' ~/rust/*.pkg.tar > /results/pacman 2>&1; echo "pacman ended with $?"
linux-rust-setup check --json > /results/after.json; echo "check ended with $?"
linux-rust-setup check > /results/after.txt
sudo mv /usr/bin/rustc.kept /usr/bin/rustc
linux-rust-setup check --json > /results/back.json`,
			{prepare, timeout: 380_000}
		);
		expect(output).toContain('pacman ended with 0');
		expect(output).toContain('check ended with 1');
		const [before, after, back] = ['green', 'after', 'back'].map(name =>
			documentOf({files} as unknown as Ended, `${name}.json`)
		) as [Document, Document, Document];
		expect(differences(before, after)).toEqual(['toolchain: done → toolchain.number-differs']);
		expect(after.since?.changes).toMatchObject([
			{
				fact: 'rustc',
				before: expect.stringContaining('rustc 1.85'),
				after: 'rustc 1.97.1 (8bab26f4f 2026-07-14) (Arch Linux rust 1:1.97.1-1)',
				stale: expect.arrayContaining(['toolchain'])
			}
		]);
		expect((files['pacman'] ?? '').split('\n').filter(line => line.startsWith('linux-rust-setup: '))).toEqual([
			expect.stringMatching(/: rustc 1\.85\.1 \(.+\) -> 1\.97\.1 \(package rust 1:1\.97\.1-1\)\.$/),
			expect.stringMatching(/: run: linux-rust-setup check --mend \(the kernel needs rustc 1\.85\.1 \(.+\)\)$/)
		]);
		expect(files['after.txt']).toMatch(/^since: rustc: 1\.85\.\d .*→ 1\.97\.1 /m);
		expect(differences(before, back)).toEqual([]);
		expect(back.since).toBeUndefined();
	}, 400_000);

	test('its headers were removed by pacman, and installed again', async () => {
		const {files, output} = await runInGuest(
			`${green}
# the package itself is not there any more: made again of what it has installed
mkdir ~/kept && pacman -Qlq linux-rust-headers > ~/kept/list && sudo tar -cf ~/kept/files.tar --no-recursion -T ~/kept/list
sudo pacman -Rdd --noconfirm linux-rust-headers > /results/pacman 2>&1; echo "pacman ended with $?"
linux-rust-setup check --json > /results/after.json; echo "check ended with $?"
linux-rust-setup check --mend --quiet; echo "mend ended with $?"
sudo tar -xf ~/kept/files.tar -C /
linux-rust-setup check --json > /results/back.json`,
			{prepare, timeout: 380_000}
		);
		expect(output).toContain('pacman ended with 0');
		expect(output).toContain('check ended with 1');
		const [before, after, back] = ['green', 'after', 'back'].map(name =>
			documentOf({files} as unknown as Ended, `${name}.json`)
		) as [Document, Document, Document];
		expect(differences(before, after).slice(0, 1)).toEqual(['metadata: done → metadata.headers-missing']);
		expect(after.since?.changes).toMatchObject([
			{fact: 'headers', after: null, stale: expect.arrayContaining(['metadata'])}
		]);
		// nothing that needs a decision was done
		expect(output).toContain('mend ended with 1');
		expect(differences(before, back)).toEqual([]);
		expect(back.since).toBeUndefined();
	}, 400_000);

	test('the kernel was downgraded by pacman, and not booted', async () => {
		const {files, output} = await runInGuest(
			`${green}
linux-rust-setup hook install --quiet
${olderKernel}
sudo pacman -U --noconfirm ~/older/*.pkg.tar > /results/pacman 2>&1; echo "pacman ended with $?"
linux-rust-setup check --json > /results/after.json; echo "check ended with $?"
linux-rust-setup check --quiet`,
			{prepare, timeout: 380_000}
		);
		expect(output).toContain('pacman ended with 0');
		expect(files['pacman']).toMatch(/downgrading linux-rust/);
		expect(output).toContain('check ended with 4');
		const [before, after] = ['green', 'after'].map(name => documentOf({files} as unknown as Ended, `${name}.json`)) as [
			Document,
			Document
		];
		expect(differences(before, after)[0]).toBe('boot: done → boot.updated');
		expect(after.since?.changes[0]).toMatchObject({
			fact: 'kernel',
			after: 'linux-rust 6.12.9-arch1-1-rust',
			note: 'not running yet: reboot',
			stale: expect.arrayContaining(['boot'])
		});
		expect(files['pacman']).toMatch(
			/linux-rust-setup: kernel linux-rust 6\.12\.\d+-arch1-1-rust -> linux-rust 6\.12\.9-arch1-1-rust/
		);
		expect(files['pacman']).toMatch(/linux-rust-setup: reboot, then run: linux-rust-setup check --mend/);
	}, 400_000);
});
