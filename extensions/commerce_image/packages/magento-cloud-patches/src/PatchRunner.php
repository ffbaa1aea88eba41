<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

/** Puts patches on the store's files with git or, where there is none, with GNU patch. */
final class PatchRunner
{
    /** @var list<string>|null command with its fixed arguments */
    private ?array $tool = null;

    public function __construct(private readonly string $root)
    {
    }

    public function canApply(Patch $patch): bool
    {
        return $this->check($patch, [])[0];
    }

    public function canRevert(Patch $patch): bool
    {
        return $this->check($patch, ['--reverse'])[0];
    }

    /** @throws PatchException with the tool's own words; no file is changed then */
    public function apply(Patch $patch): void
    {
        $this->change($patch, [], 'Applying');
    }

    /** @throws PatchException with the tool's own words; no file is changed then */
    public function revert(Patch $patch): void
    {
        $this->change($patch, ['--reverse'], 'Reverting');
    }

    /** @param list<string> $options */
    private function change(Patch $patch, array $options, string $doing): void
    {
        // GNU patch would put in the hunks that fit and leave out the others.
        [$succeeded, $output] = $this->check($patch, $options);
        if ($succeeded) {
            [$succeeded, $output] = $this->run($patch, $options);
        }
        if (!$succeeded) {
            throw new PatchException("$doing patch $patch->id ($patch->path) failed.\n$output");
        }
    }

    /**
     * @param list<string> $options
     * @return array{bool, string}
     */
    private function check(Patch $patch, array $options): array
    {
        return $this->run($patch, [...$options, $this->tool()[0] === 'git' ? '--check' : '--dry-run']);
    }

    /** @return list<string> */
    private function tool(): array
    {
        return $this->tool ??= match (true) {
            $this->succeeds(['git', '--version']) => ['git', 'apply', '-p1'],
            $this->succeeds(['patch', '--version']) => [
                'patch', '--strip=1', '--force', '--silent', '--no-backup-if-mismatch', '--reject-file=-',
            ],
            default => throw new PatchException('git or patch is required to perform this operation.'),
        };
    }

    /** @param list<string> $command */
    private function succeeds(array $command): bool
    {
        return $this->execute($command, '')[0];
    }

    /**
     * @param list<string> $options
     * @return array{bool, string} success, what the tool said
     */
    private function run(Patch $patch, array $options): array
    {
        return $this->execute([...$this->tool(), ...$options], $this->withoutGitHeaders($patch));
    }

    /**
     * git takes the paths of a patch in its own format as relative to the top of the repository, and skips in
     * silence those that are not below the current folder: wrong for a store inside a repository.
     */
    private function withoutGitHeaders(Patch $patch): string
    {
        return preg_replace('~^diff --git ~m', 'diff -Nuar ', file_get_contents($patch->path));
    }

    /**
     * @param list<string> $command
     * @return array{bool, string}
     */
    private function execute(array $command, string $input): array
    {
        $source = tmpfile();
        fwrite($source, $input);
        rewind($source);
        $sink = tmpfile();
        $process = @proc_open($command, [$source, $sink, $sink], $pipes, $this->root);
        if ($process === false) {
            return [false, ''];
        }
        $status = proc_close($process);
        rewind($sink);

        return [$status === 0, stream_get_contents($sink)];
    }
}
