<?php

declare(strict_types=1);

namespace Magento\Framework\App\Cache;

use Magento\Framework\Cache\BackendInterface;

/**
 * Caches by type: a type's entries bear its tag, and a type that is switched off holds nothing.
 */
class TypePool
{
    public function __construct(
        private readonly FrontendPool $frontendPool,
        private readonly TypeList $typeList,
    ) {
    }

    public function load(string $type, string $id): mixed
    {
        $content = $this->typeList->isEnabled($type) ? $this->getBackend($type)->load($id) : null;

        return $content === null ? null : json_decode($content, true);
    }

    /**
     * @param mixed $data what JSON can hold
     */
    public function save(string $type, string $id, mixed $data): void
    {
        if ($this->typeList->isEnabled($type)) {
            $this->getBackend($type)->save($id, json_encode($data, JSON_THROW_ON_ERROR), [strtoupper($type)]);
        }
    }

    public function remove(string $type, string $id): void
    {
        $this->getBackend($type)->remove($id);
    }

    public function clean(string $type): void
    {
        $this->getBackend($type)->cleanTag(strtoupper($type));
    }

    public function flush(string $type): void
    {
        $this->getBackend($type)->cleanAll();
    }

    private function getBackend(string $type): BackendInterface
    {
        $isFullPage = $type === TypeList::FULL_PAGE;

        return $this->frontendPool->get($isFullPage ? FrontendPool::PAGE_CACHE : FrontendPool::DEFAULT);
    }
}
