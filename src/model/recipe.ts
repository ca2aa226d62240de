/** Where a recipe of makepkg comes from. */
export type RecipeOrigin =
	/** A git repository, as the AUR has one for each package; `rpc` is what the AUR says about it. */
	| {readonly kind: 'git'; readonly url: string; readonly rpc?: string}
	/** A folder of the user, used where it is. */
	| {readonly kind: 'folder'}
	/** The one that comes with this program, written into a folder. */
	| {readonly kind: 'own'; readonly files: readonly {readonly path: string; readonly content: string}[]};

export type Recipe = {
	/** What is remembered of it is kept under this: the address of a repository, the path of a folder, `own`. */
	readonly id: string;
	readonly origin: RecipeOrigin;
	/** Where its PKGBUILD is, or will be once it is fetched. */
	readonly folder: string;
	/** Ours: what belongs to the recipe but is not part of it (the text reviewed last, sources, objects, packages). */
	readonly base: string;
};

/** That someone read this very recipe and agreed to run it. */
export type ReviewedRecipe = {
	readonly recipe: string;
	/** SHA-256 over the names and contents of its files. */
	readonly digest: string;
	readonly commit?: string;
	/** Who maintained it in the AUR then. */
	readonly maintainer?: string;
	/** ISO 8601. */
	readonly at: string;
};

/** How a build went, for the estimate of the next one. */
export type BuildStatistics = {
	readonly recipe: string;
	/** Lines that makepkg and kbuild wrote about their work. */
	readonly units: number;
	/** Seconds from the first function of the recipe to the end. */
	readonly seconds: number;
	/** Seconds after which each twentieth of the units was done; twenty numbers that never fall. */
	readonly pace: readonly number[];
	/** Bytes of sources, objects and packages together; 0 where they could not be counted. */
	readonly bytes: number;
	readonly jobs: number;
	/** ISO 8601. */
	readonly at: string;
};

/** Something in a recipe that its reader should see before it runs, in safe text. */
export type RecipeFlag = {
	readonly id: string;
	readonly severity: 'red' | 'amber';
	readonly file: string;
	readonly line: number;
	readonly text: string;
	readonly why: string;
};

/** What the user is asked about a recipe while a plan is performed; all of it is safe text. */
export type RecipeQuestion =
	| {
			readonly kind: 'recipe';
			readonly folder: string;
			readonly digest: string;
			/** Where it comes from, its commit, when it was reviewed last. */
			readonly facts: readonly {readonly label: string; readonly value: string}[];
			/** The red first. */
			readonly flags: readonly RecipeFlag[];
			/** As `diff -u` writes it, from the text reviewed last; undefined where there is none. */
			readonly difference: string | undefined;
			readonly files: readonly {readonly path: string; readonly text: string}[];
	  }
	| {
			readonly kind: 'key';
			/** Forty hexadecimal digits. */
			readonly fingerprint: string;
			/** Whose it is, where that is known here. */
			readonly owner: string | undefined;
			readonly command: string;
	  };

/**
 * `unread`: agreed to beforehand, by someone who has not seen this text, so that it is no review. `why`: where nobody could be asked,
 * what stands in the way and how to agree beforehand.
 */
export type Agreement =
	| {readonly agreed: true; readonly unread?: true}
	| {readonly agreed: false; readonly why?: string};

/** What makepkg is to build, as the ordinary user. */
export type PackageBuild = {
	readonly recipe: Recipe;
	readonly jobs: number;
	/** Variables that the recipe reads, such as LINUX_VERSION. */
	readonly env: Readonly<Record<string, string>>;
	/** Bytes that the build takes below the recipe's base, and the new kernel in /boot. */
	readonly needs: {readonly build: number; readonly boot: number};
	/** The last complete build of this recipe on this machine. */
	readonly earlier?: BuildStatistics;
};
