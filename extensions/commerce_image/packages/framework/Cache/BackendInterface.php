<?php

declare(strict_types=1);

namespace Magento\Framework\Cache;

/**
 * Keeps texts under names, each with tags by which it can be found and removed.
 */
interface BackendInterface
{
    public function load(string $id): ?string;

    /**
     * @param list<string> $tags
     */
    public function save(string $id, string $content, array $tags): void;

    public function remove(string $id): void;

    /**
     * Removes what bears the tag, of this store's key prefix only.
     */
    public function cleanTag(string $tag): void;

    /**
     * Removes everything, other stores' too that share the place.
     */
    public function cleanAll(): void;
}
