<?php

declare(strict_types=1);

namespace Magento\Framework\App\Config;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Config\XmlFile;
use Magento\Framework\Module\ModuleList;
use SimpleXMLElement;

/**
 * Settings of the modules' etc/config.xml, and over them those of the table core_config_data.
 */
class StoredSettings
{
    public function __construct(
        private readonly ModuleList $moduleList,
        private readonly ResourceConnection $resource,
    ) {
    }

    /**
     * @return array{scopes: array<string, array<string, string|null>>, websites: array<string, string>}
     *     `scopes`: `default`, `websites/CODE` or `stores/CODE` => path => value;
     *     `websites`: store code => website code
     */
    public function read(): array
    {
        $settings = $this->readXml();
        $websites = $this->resource->fetchPairs('SELECT website_id, code FROM {store_website}');
        $stores = $this->resource->fetchPairs('SELECT store_id, code FROM {store}');
        foreach ($this->resource->fetchAll('SELECT scope, scope_id, path, value FROM {core_config_data}') as $row) {
            $code = match ($row['scope']) {
                ScopeConfigInterface::SCOPE_WEBSITES => '/' . ($websites[$row['scope_id']] ?? ''),
                ScopeConfigInterface::SCOPE_STORES => '/' . ($stores[$row['scope_id']] ?? ''),
                default => '',
            };
            $settings[$row['scope'] . $code][$row['path']] = $row['value'];
        }

        return [
            'scopes' => $settings,
            'websites' => $this->resource->fetchPairs(
                'SELECT s.code, w.code FROM {store} s JOIN {store_website} w ON w.website_id = s.website_id',
            ),
        ];
    }

    /**
     * @return array<string, array<string, string>>
     */
    private function readXml(): array
    {
        $settings = [ScopeConfigInterface::SCOPE_DEFAULT => []];
        foreach ($this->moduleList->findConfigFiles('config.xml') as $file) {
            $this->flatten(XmlFile::read($file)->default, '', $settings[ScopeConfigInterface::SCOPE_DEFAULT]);
        }

        return $settings;
    }

    /**
     * @param array<string, string> $settings
     */
    private function flatten(SimpleXMLElement $element, string $path, array &$settings): void
    {
        foreach ($element->children() as $name => $child) {
            $childPath = ltrim("$path/$name", '/');
            if ($child->count() === 0) {
                $settings[$childPath] = (string)$child;
            } else {
                $this->flatten($child, $childPath, $settings);
            }
        }
    }
}
