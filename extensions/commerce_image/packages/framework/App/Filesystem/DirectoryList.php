<?php

declare(strict_types=1);

namespace Magento\Framework\App\Filesystem;

/**
 * The store's root, and the places in it that more than one class needs.
 */
class DirectoryList
{
    public function __construct(private readonly string $root)
    {
    }

    public function getRoot(): string
    {
        return $this->root;
    }

    public function getConfig(): string
    {
        return $this->root . '/app/etc';
    }

    public function getVar(): string
    {
        return $this->root . '/var';
    }

    public function getGeneratedCode(): string
    {
        return $this->root . '/generated/code';
    }

    public function getMetadata(): string
    {
        return $this->root . '/generated/metadata';
    }
}
