<?php

declare(strict_types=1);

namespace Magento\Store\Model;

use Magento\Framework\App\Cache\TypeList;
use Magento\Framework\App\Cache\TypePool;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Exception\NoSuchEntityException;

/**
 * All store views, the one named `admin` too; cached under the type `config`.
 */
class StoreRepository
{
    private const CACHE_ID = 'scopes';

    /** @var array{rows: list<array<string, mixed>>, default: string|null}|null */
    private ?array $data = null;

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly TypePool $cache,
    ) {
    }

    /**
     * @throws NoSuchEntityException
     */
    public function get(string $code): Store
    {
        foreach ($this->getData()['rows'] as $row) {
            if ($row['code'] === $code) {
                return new Store(
                    (int)$row['store_id'],
                    $row['code'],
                    $row['name'],
                    (int)$row['website_id'],
                    $row['website_code'],
                );
            }
        }
        throw new NoSuchEntityException("The store that was requested wasn't found. Verify the store and try again.");
    }

    /**
     * The default store view of the default website's default group.
     *
     * @throws NoSuchEntityException
     */
    public function getDefault(): Store
    {
        return $this->get((string)$this->getData()['default']);
    }

    /**
     * @return array{rows: list<array<string, mixed>>, default: string|null}
     */
    private function getData(): array
    {
        $this->data ??= $this->cache->load(TypeList::CONFIG, self::CACHE_ID);
        if ($this->data === null) {
            $this->data = $this->read();
            $this->cache->save(TypeList::CONFIG, self::CACHE_ID, $this->data);
        }

        return $this->data;
    }

    /**
     * @return array{rows: list<array<string, mixed>>, default: string|null}
     */
    private function read(): array
    {
        $rows = $this->resource->fetchAll(
            'SELECT s.store_id, s.code, s.name, s.website_id, w.code AS website_code'
            . ' FROM {store} s JOIN {store_website} w ON w.website_id = s.website_id'
            . ' WHERE s.is_active = 1 OR s.store_id = 0 ORDER BY s.store_id',
        );
        $default = $this->resource->fetchRow(
            'SELECT s.code FROM {store_website} w JOIN {store_group} g ON g.group_id = w.default_group_id'
            . ' JOIN {store} s ON s.store_id = g.default_store_id WHERE w.is_default = 1',
        );

        return ['rows' => $rows, 'default' => $default['code'] ?? null];
    }
}
