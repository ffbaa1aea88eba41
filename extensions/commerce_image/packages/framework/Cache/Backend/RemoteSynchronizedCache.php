<?php

declare(strict_types=1);

namespace Magento\Framework\Cache\Backend;

use Magento\Framework\Cache\BackendInterface;

/**
 * Two levels: each node's local copy, and a remote cache that all nodes share.
 *
 * The remote one holds a version of each entry beside it. A local copy whose version is another is not used: so what
 * one node cleans or writes, no other node takes from its own copy any more. Local copies are never removed.
 */
class RemoteSynchronizedCache implements BackendInterface
{
    private const VERSION_SUFFIX = ':hash';

    public function __construct(
        private readonly BackendInterface $remote,
        private readonly BackendInterface $local,
    ) {
    }

    public function load(string $id): ?string
    {
        $content = $this->local->load($id);
        if ($content !== null && $this->getVersion($content) === $this->remote->load($id . self::VERSION_SUFFIX)) {
            return $content;
        }
        $content = $this->remote->load($id);
        if ($content !== null) {
            $this->local->save($id, $content, []);
        }

        return $content;
    }

    public function save(string $id, string $content, array $tags): void
    {
        $this->remote->save($id, $content, $tags);
        $this->remote->save($id . self::VERSION_SUFFIX, $this->getVersion($content), $tags);
        $this->local->save($id, $content, []);
    }

    public function remove(string $id): void
    {
        $this->remote->remove($id);
        $this->remote->remove($id . self::VERSION_SUFFIX);
        $this->local->remove($id);
    }

    public function cleanTag(string $tag): void
    {
        $this->remote->cleanTag($tag);
    }

    public function cleanAll(): void
    {
        $this->remote->cleanAll();
    }

    private function getVersion(string $content): string
    {
        return hash('sha256', $content);
    }
}
