import {join} from 'node:path';
import type {Reader} from '../model/machine.ts';
import type {Plan, Remedy} from '../model/step.ts';
import {byYou, shown} from './verdict.ts';

/** What building a kernel costs with Arch's configuration: 35 minutes at eight jobs (rnestler.github.io, 2022), and nearly eight times that at one. */
const cost =
	'Compiles a kernel: half an hour with eight jobs, hours with one, and 20 GB of disk with debug information.';

/** Where Arch's helpers and makepkg are told how many jobs to run; by default it is one. */
const jobs = 'For more than one job, put MAKEFLAGS="-j$(nproc)" into ~/.config/pacman/makepkg.conf first.';

/**
 * Ways to a Rust kernel on Arch, the cheapest first. Arch's own `linux` has CONFIG_RUST=y since 6.13. Helpers for the AUR are
 * offered where they are installed; `makepkg` is on every system that can build packages.
 */
export async function archKernels(reader: Reader): Promise<readonly Remedy[]> {
	const helpers = await Promise.all(
		(['paru', 'yay'] as const).map(async name => ({name, found: (await reader.which(name)).status === 'found'}))
	);
	return [
		byYou({
			id: 'stock-linux',
			label: 'Use the stock linux kernel, which has Rust since 6.13',
			consequence: 'Minutes; nothing is compiled. It needs the rust package of the very version that built it.',
			commands: [
				shown(
					['pacman', '-Syu', 'linux', 'linux-headers', 'rust'],
					'installs the kernel, its headers with the Rust metadata, and its compiler',
					'root'
				)
			],
			undo: 'linux-rust and other kernels stay installed beside it; the boot menu has them all.'
		}),
		ownRecipe(reader),
		...helpers
			.filter(helper => helper.found)
			.map(({name}) =>
				byYou({
					id: `linux-rust-${name}`,
					label: `Build linux-rust from the AUR with ${name}`,
					consequence: `${cost} ${name} shows the PKGBUILD before it runs; it may be older than stock linux.`,
					commands: [
						shown([name, '-S', 'linux-rust', 'linux-rust-headers'], 'builds and installs the kernel and its headers')
					],
					text: jobs
				})
			),
		byYou({
			id: 'linux-rust-makepkg',
			label: 'Build linux-rust from the AUR by hand',
			consequence: `${cost} The recipe may be older than stock linux.`,
			commands: [
				shown(
					['git', 'clone', 'https://aur.archlinux.org/linux-rust.git'],
					'fetches the recipe, and runs nothing of it'
				),
				shown(['linux-rust-setup', 'review', 'linux-rust'], 'shows what to look at in the recipe before it runs'),
				shown(['makepkg', '--dir', 'linux-rust', '-si'], 'builds the packages as you and installs them with pacman')
			],
			text: `An empty folder means that the AUR does not have it any more. A folder with a PKGBUILD from elsewhere does as well. ${jobs}`
		})
	];
}

/** The recipe that comes with this program: written into a folder of its own, to be read and run by the user. */
function ownRecipe(reader: Reader): Remedy {
	return {
		id: 'linux-rust-recipe',
		label: 'Build linux-rust from kernel.org with the recipe that comes with this program',
		consequence: `${cost} It begins with the running kernel’s configuration and turns Rust on; the headers carry all that modules need.`,
		questions: [],
		async plan(): Promise<Plan> {
			if (reader.user.uid === 0)
				return {ok: false, why: 'makepkg does not build as root: run this again as the user who is to build'};
			const folder = join(reader.cwd, 'linux-rust');
			if ((await reader.stat(folder)).status !== 'absent')
				return {
					ok: false,
					why: `${folder} exists already, and nothing is overwritten. Move it away, or start in another folder`
				};
			const {recipe} = await import('./linux-rust.ts');
			return {
				ok: true,
				actions: [
					{kind: 'write', folder, files: recipe},
					{
						kind: 'by-you',
						commands: [
							shown(
								[
									...['gpg', '--recv-keys'],
									...['ABAF11C65A2970B130ABE3C479BE3E4300411886', '647F28654894E3BD457199BE38DBBDC86092693E']
								] as [string, ...string[]],
								'fetches the keys of Linus Torvalds and Greg Kroah-Hartman, who sign the kernel’s releases; compare the fingerprints with kernel.org/signature.html'
							),
							shown(
								['makepkg', '--dir', 'linux-rust', '-si'],
								'builds the packages as you and installs them with pacman'
							)
						],
						text: 'LINUX_VERSION=… chooses the release, LINUX_CONFIG=… the configuration to begin with: the first lines of linux-rust/PKGBUILD explain them.'
					}
				]
			};
		},
		undo: 'Delete the folder linux-rust; sudo pacman -R linux-rust linux-rust-headers removes the kernel.'
	};
}
