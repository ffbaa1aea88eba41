<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

/** A patch of the catalogue that is meant for this store. */
final class Patch
{
    /**
     * @param list<string> $categories
     * @param string $file relative to the patches' folder
     * @param string $path of the patch file
     * @param list<string> $required ids
     * @param string $replacement id of the patch to be used instead, or empty
     */
    public function __construct(
        public readonly string $id,
        public readonly string $title,
        public readonly array $categories,
        public readonly string $file,
        public readonly string $path,
        public readonly array $required,
        public readonly string $replacement,
        public readonly bool $isDeprecated,
    ) {
    }

    /** @return list<string> the packages whose files it changes, sorted */
    public function components(): array
    {
        preg_match_all('~^(?:\+\+\+ b|--- a)/vendor/([^/]+/[^/]+)/~m', file_get_contents($this->path), $matches);
        $components = array_unique($matches[1]);
        sort($components);

        return $components;
    }

    public function describe(): string
    {
        $lines = [
            "Title: $this->title",
            "File: $this->file",
            'Affected components: ' . implode(' ', $this->components()),
        ];
        if ($this->required !== []) {
            $lines[] = 'Require: ' . implode(' ', $this->required);
        }
        if ($this->replacement !== '') {
            $lines[] = "Recommended replacement: $this->replacement";
        }

        return implode("\n", $lines);
    }
}
